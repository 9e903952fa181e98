package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.waitFor;
import static asyncio.io.Stdio.DEVNULL;
import static asyncio.io.Stdio.PIPE;
import static java.time.Duration.ofMillis;

import asyncio.Coroutine;
import asyncio.TimeoutException;
import asyncio.io.Command;
import asyncio.io.Subprocess;
import java.util.List;

/** kill() and terminate() end a process; the exit code is the negative signal number; waiting again gives it again. */
final class KilledSubprocessHasNegativeSignalAsExitCode extends Program {
    Coroutine<Void> main() {
        return async(() -> {
            for (var name : List.of("kill", "terminate")) {
                var process =
                        await(Command.exec("sleep", "60").withStdin(DEVNULL).start());
                try {
                    await(waitFor(process.waitEnded(), ofMillis(50)));
                } catch (TimeoutException e) {
                    say("still running", e, process.returncode());
                }
                end(process, name);
                say(name, await(process.waitEnded()), await(process.waitEnded()));
            }
            var process = await(Command.exec("sleep", "60").withStdout(PIPE).start());
            process.sendSignal(10);
            say(
                    "signal 10",
                    await(process.waitEnded()),
                    "output",
                    await(process.stdout().read()).length);
        });
    }

    private static void end(Subprocess process, String name) {
        if (name.equals("kill")) {
            process.kill();
        } else {
            process.terminate();
        }
    }

    @Override
    void program() {
        run(main());
    }
}
