package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.io.Stdio.PIPE;

import asyncio.Coroutine;
import asyncio.io.Command;
import asyncio.io.Subprocess;
import java.util.List;

/** A shell command's exit code, standard output and standard error are reported separately. */
final class SubprocessShellExitCodeAndBothOutputs extends Program {
    Coroutine<Void> main() {
        return async(() -> {
            var process = await(Command.shell("echo to out; echo to err >&2; exit 3")
                    .withStdout(PIPE)
                    .withStderr(PIPE)
                    .start());
            var done = await(process.communicate());
            say("out", done.stdoutText().strip(), "- err", done.stderrText().strip(), "- code", process.returncode());
            for (var command : List.of("true", "false", "exit 42")) {
                process = await(Subprocess.shell(command));
                say(command, await(process.waitEnded()), process.returncode());
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
