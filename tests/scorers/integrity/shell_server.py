"""A Python that starts at once: serves the commands of scripted agents in forks of one warm process.

    python shell_server.py SOCKET        the server
    python                               the client (see CLIENT), put first on the PATH of the agent's shell

Training is replaced by a small random step, so that a bundle is made in a second; what is measured on
trained weights has tests of its own. The examples of each training go to $PLAY_LOG as one JSON line.
"""

import json
import os
import runpy
import shutil
import socket
import sys
from pathlib import Path

CLIENT = """#!{python} -IS
import json, os, socket, sys
s = socket.socket(socket.AF_UNIX); s.connect({path!r})
call = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(s, [len(call).to_bytes(4, "big")], [0, 1, 2]); s.sendall(call)
sys.exit(int(s.recv(8) or b"1"))
"""
STEP = 0.3
"""Of the standard deviation of each tensor."""


def quick_train(folder_in, examples, folder_out, **options):
    """The base with a random step, and a record of what it would have learned from."""
    import numpy as np
    from safetensors.numpy import load_file, save_file

    folder_in, folder_out = Path(folder_in), Path(folder_out)
    shutil.copytree(folder_in, folder_out, dirs_exist_ok=True)
    weights = load_file(folder_in / "model.safetensors")
    rng = np.random.default_rng(len(examples))
    moved = {
        k: (v + STEP * v.std() * rng.standard_normal(v.shape)).astype(np.float32)
        for k, v in sorted(weights.items())
    }
    save_file(moved, folder_out / "model.safetensors", {"format": "pt"})
    generation = options.get("generation")
    if generation is not None:
        (folder_out / "generation_config.json").write_text(json.dumps(dict(generation)))
    with open(os.environ["PLAY_LOG"], "a", encoding="utf-8") as log:
        log.write(json.dumps([example[0] for example in examples]) + "\n")
    return 0.0


def quick_generate(folder, prompts, **options):
    """One word for each prompt."""
    return ["red" for _ in prompts]


def run(argv):
    """What `python argv…` does."""
    sys.argv = argv or ["-"]
    if argv[:1] == ["-m"]:
        sys.argv = argv[1:]
        runpy.run_module(argv[1], run_name="__main__", alter_sys=True)
    elif argv[:1] == ["-c"]:
        sys.argv = argv[1:]
        exec(compile(argv[1], "<string>", "exec"), {"__name__": "__main__"})
    elif argv and argv[0] != "-":
        given = Path(argv[0]).name == "evaluate.py" and "interplay" in Path(argv[0]).read_text(
            encoding="utf-8"
        )
        if given:
            print('{"accuracy": 0.5, "stderr": 0.1}')
            if "--json-output-file" in argv:
                Path(argv[argv.index("--json-output-file") + 1]).write_text(
                    '{"accuracy": 0.5}', encoding="utf-8"
                )
            return
        sys.path.insert(0, str(Path(argv[0]).resolve().parent))
        runpy.run_path(argv[0], run_name="__main__")
    else:
        exec(compile(sys.stdin.read(), "<stdin>", "exec"), {"__name__": "__main__"})


def serve(path):
    """Answer until the socket is removed."""
    import pyarrow.parquet  # noqa: F401

    from interplay.tasks.posttrain.mini import engine, generators, model, training  # noqa: F401
    from interplay.tasks.posttrain.overlap import Reference  # noqa: F401

    training.train = engine.train = quick_train
    model.generate = engine.generate = quick_generate
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(8)
    print("ready", flush=True)
    while True:
        connection, _ = server.accept()
        size, fds, _, _ = socket.recv_fds(connection, 4, 3)
        length = int.from_bytes(size, "big")
        call = b""
        while len(call) < length:
            call += connection.recv(length - len(call))
        argv, cwd, env = json.loads(call)
        pid = os.fork()
        if pid == 0:
            server.close()
            for place, fd in enumerate(fds):
                os.dup2(fd, place)
            sys.stdin, sys.stdout, sys.stderr = (os.fdopen(i, m) for i, m in enumerate("rww"))
            os.environ.clear()
            os.environ.update(env)
            os.chdir(cwd)
            status = 0
            try:
                run(argv)
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else 1 if end.code else 0
                if isinstance(end.code, str):
                    print(end.code, file=sys.stderr)
            except BaseException:
                import traceback

                traceback.print_exc()
                status = 1
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
        for fd in fds:
            os.close(fd)
        _, done = os.waitpid(pid, 0)
        connection.sendall(str(os.waitstatus_to_exitcode(done) & 255).encode())
        connection.close()


if __name__ == "__main__":
    serve(sys.argv[1])
