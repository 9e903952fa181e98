package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.io.Stdio.DEVNULL;
import static asyncio.io.Stdio.PIPE;

import asyncio.Coroutine;
import asyncio.io.Command;
import asyncio.io.Subprocess;
import java.nio.file.NoSuchFileException;

/** A program that does not exist is an error at creation; a shell reports the same with exit code 127. */
final class SubprocessThatCannotStartRaises extends Program {
    Coroutine<Void> main() {
        return async(() -> {
            try {
                await(Subprocess.exec("/no/such/program"), NoSuchFileException.class);
            } catch (NoSuchFileException e) {
                say("exec", e);
            }
            var process =
                    await(Command.shell("/no/such/program").withStderr(DEVNULL).start());
            say("shell", await(process.waitEnded()));
            process = await(Subprocess.exec("sh", "-c", "exit \"$1\"", "name", "7"));
            say("arguments are passed as given", await(process.waitEnded()));
            process =
                    await(Command.exec("echo", "$HOME", "a  b").withStdout(PIPE).start());
            say("no shell involved:", await(process.communicate()).stdoutText().strip());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
