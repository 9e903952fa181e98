package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.io.Stdio.PIPE;
import static java.nio.charset.StandardCharsets.UTF_8;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.io.Command;

/** Lines can be read while the process is still running and waits for input; the end of output is the end of stream. */
final class SubprocessOutputIsReadLineByLineWhileItRuns extends Program {
    Coroutine<Void> main() {
        return async(() -> {
            var process = await(Command.exec("sh", "-c", "echo ready; read answer; echo \"got $answer\"; echo bye")
                    .withStdin(PIPE)
                    .withStdout(PIPE)
                    .start());
            say(text(await(process.stdout().readline())));
            say("still running", process.returncode());
            process.stdin().write("forty-two\n");
            await(process.stdin().drain());
            for (var line : Asyncio.each(process.stdout())) {
                say(text(line));
            }
            say("at eof", process.stdout().atEof());
            process.stdin().close();
            say("code", await(process.waitEnded()));
        });
    }

    private static String text(byte[] line) {
        return new String(line, UTF_8).strip();
    }

    @Override
    void program() {
        run(main());
    }
}
