"""Pure rules of money: how a payment is shared out, how an entry is posted, VietQR, cash, statements of banks."""
