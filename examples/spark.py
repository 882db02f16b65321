"""JSON lines explained by Apache Spark: each piece of the samples goes through a deeptaylor of its own, into a Parquet folder.

    spark-submit --master MASTER examples/spark.py NETWORK SAMPLES OUT [--program FILE] [--pieces N] [options of explain]

NETWORK is one file, its address (hdfs://…), or example:NAME. SAMPLES are JSON lines that every worker can read: lists, which are numbered here, or
objects with a number each in "sample". The program and the network travel to the workers with the job, so that nothing
is installed there; the program is best the static one of examples/package.sh. OUT becomes a Parquet folder with a row a
result: sample, id, rule, target, value, relevance, worst_gap, lost, and line, the line that deeptaylor printed. In the order
of `sample` the lines are the bytes of one process. Needs PySpark 4 and Java 17.
"""

import argparse
import json
import shlex
import shutil
import sys
from pathlib import Path

from pyspark import SparkFiles
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col, from_json

# What is taken from a line; `deeptaylor schema line` has all of it.
LINE = """sample BIGINT, id STRING, rule STRING, target STRUCT<name: STRING, value: DOUBLE>,
    layers ARRAY<STRUCT<relevance: ARRAY<DOUBLE>>>, checks STRUCT<conservation: STRUCT<worst_gap: DOUBLE>>,
    balance STRUCT<lost: DOUBLE>"""


def numbered(samples):
    """The lines with a number each, but blank ones: a piece by itself would count from 0 again."""
    samples = samples.filter(str.strip)
    if samples.first().lstrip().startswith("["):
        return samples.zipWithIndex().map(lambda line: f'{{"sample":{line[1]},"x":{line[0]}}}')

    def checked(line):
        if "sample" not in json.loads(line):
            raise ValueError(f'expected a list, or an object with its number in "sample", found {line[:100]}')
        return line

    return samples.map(checked)


def explain(spark: SparkSession, network, samples, program, pieces=None, options=()) -> DataFrame:
    """A row for each line that deeptaylor prints, in the order of the samples."""
    context = spark.sparkContext
    local = context.master.split("[")[0] == "local"
    # What was sent lies where a worker's commands start; without workers, in a folder of the driver.
    folder = SparkFiles.getRootDirectory() if local else "."

    def sent(file):
        context.addFile(str(file) if "://" in str(file) else str(Path(file).resolve()))
        return f"{folder}/{Path(file).name}"

    network = network if network.startswith("example:") else sent(network)
    # Spark runs a piece on each core.
    command = ["env", "RAYON_NUM_THREADS=1", sent(program), "explain", network, "--inputs", "-", "--format", "jsonl", "--exit-zero", *options]
    lines = numbered(context.textFile(samples, pieces)).pipe(
        shlex.join(command),
        # Without it, the lines that a killed process did not write any more would be missing, and nobody would know.
        checkCode=True,
    )
    frame = spark.createDataFrame(lines.map(lambda line: (line,)), "line STRING")
    frame = frame.withColumn("result", from_json("line", LINE))
    return frame.select(
        "result.sample",
        "result.id",
        "result.rule",
        col("result.target.name").alias("target"),
        "result.target.value",
        col("result.layers")[0]["relevance"].alias("relevance"),
        "result.checks.conservation.worst_gap",
        "result.balance.lost",
        "line",
    )


def main(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network")
    parser.add_argument("samples")
    parser.add_argument("out")
    parser.add_argument("--program", default=shutil.which("deeptaylor"), help="the program to send [default: the one on the path]")
    parser.add_argument("--pieces", type=int, help="at least so many pieces [default: Spark's]")
    asked, options = parser.parse_known_args(words)
    if asked.program is None:
        parser.error("there is no deeptaylor on the path\n  help: --program FILE says which one to send")
    spark = SparkSession.builder.appName("deeptaylor").getOrCreate()
    rows = explain(spark, asked.network, asked.samples, asked.program, asked.pieces, options)
    # Java's own gzip: the usual codec is a library of the system's kind, which not every machine has.
    rows.write.parquet(asked.out, compression="gzip")


if __name__ == "__main__":
    main(sys.argv[1:])
