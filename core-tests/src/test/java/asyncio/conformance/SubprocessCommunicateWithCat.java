package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.io.Stdio.PIPE;
import static java.nio.charset.StandardCharsets.UTF_8;

import asyncio.Coroutine;
import asyncio.io.Command;
import java.util.List;

/** communicate() feeds the input, closes it, reads the whole output and waits for the end; the exit code is 0. */
final class SubprocessCommunicateWithCat extends Program {
    Coroutine<Void> main() {
        return async(() -> {
            var cat = Command.exec("cat").withStdin(PIPE).withStdout(PIPE);
            var process = await(cat.start());
            say("exit code while running", process.returncode());
            var done = await(process.communicate("line 1\nline 2\n".getBytes(UTF_8)));
            say(List.of(done.stdoutText().split("\n", -1)));
            say("stderr not piped", done.stderr());
            say("exit code", process.returncode(), "wait gives", await(process.waitEnded()));
            process = await(cat.start());
            done = await(process.communicate());
            say("without input", done.stdout().length, process.returncode());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
