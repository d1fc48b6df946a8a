"""Runs one peer over prepared files and writes the pairs it finds the same. Started by matching_peers.

    python matching_peers_child.py goldrush|splink FOLDER ANSWER

It runs in the peers' own environment, where nothing of the product is installed.
"""

import json
import logging
import sys
import time
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import duckdb
import pymarc
import splink.comparison_library as cl
from goldrush import goldrush
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

BLOCK_LIMIT = 60
LEAST_PROBABILITY = 0.99


def by_goldrush(folder: Path) -> tuple[str, list[tuple[int, int]], float]:
    """Records with one match key are the same; keys of very many records are no keys."""
    numbers = json.loads((folder / "numbers.json").read_text())
    started = time.process_time()
    blocks = defaultdict(list)
    with (folder / "records.mrc").open("rb") as stream:
        for number, record in zip(numbers, pymarc.MARCReader(stream, to_unicode=True, force_utf8=True), strict=False):
            if record is not None:
                blocks[goldrush(record)].append(number)
    pairs = [pair for block in blocks.values() if len(block) <= BLOCK_LIMIT for pair in combinations(block, 2)]
    return "goldrush 0.6.0", pairs, time.process_time() - started


def by_splink(folder: Path) -> tuple[str, list[tuple[int, int]], float]:
    """Three blocking rules, EM training, as in its tutorial; CPU without preparing the table."""
    logging.disable(logging.WARNING)
    started = time.process_time()
    connection = duckdb.connect()
    connection.execute("SET threads TO 1")
    path = str(folder / "table.csv")
    connection.execute(f"CREATE TABLE books AS SELECT * FROM read_csv('{path}', header=true, all_varchar=true)")
    connection.execute("ALTER TABLE books ALTER unique_id TYPE BIGINT")
    api = DuckDBAPI(connection)
    rules = [block_on("isbn"), block_on("title"), block_on("author", "year", "substr(title, 1, 6)")]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("title", [0.95, 0.88]),
            cl.JaroWinklerAtThresholds("author", [0.92, 0.8]),
            cl.ExactMatch("year"),
            cl.JaroWinklerAtThresholds("publisher", [0.9]),
            cl.ExactMatch("pages"),
            cl.ExactMatch("volume"),
            cl.ExactMatch("isbn"),
            cl.ExactMatch("language"),
        ],
        blocking_rules_to_generate_predictions=rules,
    )
    linker = Linker(api.register("books"), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("title", "author", "year")], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("title"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("author", "year"))
    predictions = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY)
    pairs = [(int(row["unique_id_l"]), int(row["unique_id_r"])) for row in predictions.as_record_list()]
    return "splink 5.0.0 + DuckDB 2.0.0", pairs, time.process_time() - started


PEERS = {"goldrush": by_goldrush, "splink": by_splink}

if __name__ == "__main__":
    name, found, seconds = PEERS[sys.argv[1]](Path(sys.argv[2]))
    Path(sys.argv[3]).write_text(json.dumps({"name": name, "pairs": found, "seconds": seconds}))
