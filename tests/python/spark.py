"""examples/spark.py on a cluster of two worker processes of this machine: 100,000 samples give the bytes of one process, while
a deeptaylor and a worker are killed on the way. Run by tests/program/runtimes.rs: spark.py PROGRAM CASES.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pyspark

SAMPLES = 100_000
PIECES = 8
NETWORK = "networks/xor.json"

# Stands in for the program. The runs that find no mark yet are killed once they have printed 100 lines, while they wait for
# more: the first a deeptaylor alone, the next with the worker that started it.
KILLED = """#!/bin/sh
for victim in {victims}; do
    mark={folder}/$victim
    mkdir $mark 2>/dev/null || continue
    # What is left of a killed worker hangs up on its processes, of which this is one.
    trap '' HUP TERM
    mkfifo $mark/in $mark/out
    {program} "$@" < $mark/in > $mark/out &
    child=$!
    exec 3> $mark/in 4<&0
    head -n 500 <&4 >&3 &
    head -n 100 < $mark/out
    if [ $victim = worker ]; then
        worker=$PPID
        until [ "$(cat /proc/$worker/comm)" = java ]; do
            worker=$(sed -n 's/^PPid:[^0-9]*//p' /proc/$worker/status)
        done
        # In a session of its own: what the worker leaves behind may end this process at once.
        setsid sh -c "kill -9 $worker && mkdir $mark/killed"
    fi
    kill -9 $child
    wait $child
    [ $? = 137 ] && [ $victim = child ] && mkdir $mark/killed
    exit 137
done
exec {program} "$@"
"""


def killed(program, folder, victims):
    """A program whose first runs are killed on the way."""
    folder.mkdir()
    text = KILLED.format(program=program, folder=folder, victims=" ".join(victims))
    stand_in = folder / "deeptaylor"
    stand_in.write_text(text)
    stand_in.chmod(0o755)
    return stand_in


def home(folder):
    """PySpark as it is installed, with a place of its own for what workers write."""
    folder.mkdir()
    for part in Path(pyspark.__file__).parent.iterdir():
        (folder / part.name).symlink_to(part)
    return folder


def session():
    builder = pyspark.sql.SparkSession.builder.master("local-cluster[2,1,1024]")
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "OFF"}
    return builder.config(map=quiet).getOrCreate()


def explained_alone(program, samples):
    """What one process prints."""
    command = [program, "explain", NETWORK, "--inputs", samples, "--format", "jsonl", "--exit-zero"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def check_all(spark, spark_py, program, stand_in, folder):
    """Every line of one process, in its order, and in the columns the numbers of the lines."""
    objects = ({"sample": n, "id": f"s{n}", "x": [n % 101 / 100, n % 97 / 96]} for n in range(SAMPLES))
    samples = folder / "samples.jsonl"
    samples.write_text("".join(json.dumps(one) + "\n" for one in objects))
    expected = explained_alone(program, samples)
    out = folder / "relevance"
    spark_py.main([NETWORK, str(samples), str(out), "--program", str(stand_in), "--pieces", str(PIECES)])
    for victim in ["child", "worker"]:
        assert (stand_in.parent / victim / "killed").is_dir(), f"the {victim} was killed"
    rows = spark.read.parquet(str(out)).orderBy("sample").collect()
    assert "".join(row.line + "\n" for row in rows).encode() == expected, "the bytes are those of one process"
    for row in rows[:: SAMPLES // 100]:
        line = json.loads(row.line)
        assert (row.sample, row.id, row.value) == (line["sample"], line["id"], line["target"]["value"])
        assert (row.relevance, row.lost) == (line["layers"][0]["relevance"], line["balance"]["lost"])


def check_lists(spark, spark_py, program, stand_in, folder):
    """Lists are numbered by their place in the file."""
    samples = folder / "lists.jsonl"
    # A blank line is no sample.
    samples.write_text("".join(f"[{n / 1000}, 0.5]\n" + "\n" * (n == 500) for n in range(1000)))
    rows = spark_py.explain(spark, NETWORK, str(samples), stand_in, PIECES).orderBy("sample").collect()
    assert "".join(row.line + "\n" for row in rows).encode() == explained_alone(program, samples)


def check_silent_loss(spark, program, folder):
    """What checkCode is for: without it a job whose child was killed ends well, with the lines that it wrote."""
    stand_in = killed(program, folder / "unchecked", ["child"])
    samples = spark.sparkContext.parallelize((f"[0.5, {n / 1000}]" for n in range(1000)), 1)
    command = f"{stand_in} explain {Path(NETWORK).resolve()} --inputs - --format jsonl --exit-zero"
    assert samples.pipe(command).count() == 100, "900 lines are missing, and nothing says so"
    assert samples.pipe(command, checkCode=True).count() == 1000, "where none is killed none is missing"


def check_refused(spark_py, stand_in, folder):
    """A sample that cannot be explained ends the job, and leaves no result that looks whole."""
    samples, out = folder / "bad.jsonl", folder / "bad"
    samples.write_text('{"sample": 0, "x": [1, 0]}\n{"sample": 1, "x": [1]}\n')
    try:
        spark_py.main([NETWORK, str(samples), str(out), "--program", str(stand_in)])
    except Exception as error:
        assert "exited with error code 2" in str(error), error
    else:
        raise AssertionError("a bad sample ends the job")
    assert not (out / "_SUCCESS").exists()


def main(program):
    sys.path.insert(0, "examples")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {
            "SPARK_HOME": str(home(folder / "spark")),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": sys.executable,
        }
        import spark as spark_py

        spark = session()
        # A job has one program of a name; once its marks are there, this one is the program itself.
        stand_in = killed(program, folder / "killed", ["child", "worker"])
        check_all(spark, spark_py, program, stand_in, folder)
        check_lists(spark, spark_py, program, stand_in, folder)
        check_silent_loss(spark, program, folder)
        check_refused(spark_py, stand_in, folder)
        spark.stop()
    print("4 passed, 0 failed")


if __name__ == "__main__":
    main(sys.argv[1])
