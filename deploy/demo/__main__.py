"""python3 -m demo up [--keep] [--since=SECONDS] | down        (deploy/quickstart calls it)"""
import signal
import sys

from .fleet import Demo, Stages, down, lock


def interrupt(*_):
    """SIGTERM and SIGHUP unwind like Ctrl-C."""
    raise KeyboardInterrupt


def up(keep, since_s):
    """Runs the demo; returns the exit code."""
    stages = Stages(since_s)
    down()
    demo = Demo(stages)
    right = kept = False
    try:
        demo.start()
        demo.sweep()
        right = demo.report()
        if keep:
            demo.open_dashboard()
        kept = keep
    except KeyboardInterrupt:
        print("\nquickstart: interrupted; removing what was started", file=sys.stderr)
        return 130
    except (RuntimeError, TimeoutError) as error:
        print(f"quickstart: {error}", file=sys.stderr)
        return 70
    finally:
        if not kept:
            stages.begin("removing the demo")
            down()
    stages.begin("done: every site got the judgement its NAT deserves" if right else "done, and some judgement is wrong")
    if kept:
        demo.print_whereabouts()
    return 0 if right else 1


def main(arguments):
    """Returns the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    held = lock()
    if held is None:
        print("quickstart: another quickstart is at work; wait for its end, or end it with Ctrl-C", file=sys.stderr)
        return 75
    if arguments[:1] == ["down"]:
        down()
        return 0
    since = next((int(argument.partition("=")[2]) for argument in arguments if argument.startswith("--since=")), 0)
    return up("--keep" in arguments, since)


sys.exit(main(sys.argv[1:]))
