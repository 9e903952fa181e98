package samples.jobs;

import static asyncio.Asyncio.*;
import static asyncio.io.Stdio.*;
import static java.nio.charset.StandardCharsets.UTF_8;

import asyncio.Coroutine;
import asyncio.Semaphore;
import asyncio.TimeoutException;
import asyncio.io.Command;
import java.io.PrintWriter;
import java.time.Duration;

/** One line for the shell. */
record Job(int number, String line) {

    /** Runs it when {@code slots} has a place, and gives how it ended. */
    Coroutine<String> run(Semaphore slots, Duration limit, PrintWriter out) {
        return async(() -> using(slots, () -> run(limit, out)));
    }

    private String run(Duration limit, PrintWriter out) throws Exception {
        var command = Command.shell(line).withStdin(DEVNULL).withStdout(PIPE).withStderr(STDOUT);
        // A process that still runs at the end of its block is killed.
        return using(await(command.start()), process -> {
            try {
                return using(timeout(limit), () -> {
                    for (var text : each(process.stdout().lines(UTF_8))) {
                        out.println("[" + number + "] " + text);
                    }
                    return "exit code " + await(process.waitEnded());
                });
            } catch (TimeoutException late) {
                return "killed after " + limit.toMillis() + " ms";
            }
        });
    }
}
