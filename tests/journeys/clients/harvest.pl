# harvest.pl BASE [PREFIX]: harvests everything with HTTP::OAI (libhttp-oai-perl), one line "identifier live|deleted" each.
# The tokens are followed here: the list that HTTP::OAI resumes by itself gives its last page only.
use strict;
use warnings;
use HTTP::OAI;

my ($base, $prefix) = (@ARGV, 'oai_dc');
my $harvester = HTTP::OAI::Harvester->new(baseURL => $base, resume => 0);
my $identity = $harvester->Identify;
die $identity->message if $identity->is_error;
my %arguments = (metadataPrefix => $prefix);
while (1) {
    my $list = $harvester->ListRecords(%arguments);
    die $list->message if $list->is_error;
    while (my $record = $list->next) {
        print $record->identifier, ' ', ($record->is_deleted ? 'deleted' : 'live'), "\n";
    }
    my $token = $list->resumptionToken;
    last unless $token && $token->resumptionToken;
    %arguments = (resumptionToken => $token->resumptionToken);
}
