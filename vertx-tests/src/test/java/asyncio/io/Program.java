package asyncio.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of the machine that tests need. Where one is missing they are skipped; on a build server they fail. */
final class Program {
    private Program() {}

    /** Where the first of {@code names} is that there is. */
    static String find(String... names) {
        for (var name : names) {
            for (var folder : System.getenv("PATH").split(File.pathSeparator)) {
                var path = Path.of(folder).resolve(name);
                if (Files.isExecutable(path)) return path.toString();
            }
        }
        var missing = String.join(" or ", names) + " is not installed";
        if (System.getenv("CI") != null) fail(missing);
        assumeTrue(false, missing);
        throw new AssertionError();
    }

    /** Runs it to its end in {@code folder}. */
    static void run(Path folder, String... command) throws IOException {
        var full = Stream.concat(
                        Stream.of(find(command[0])), List.of(command).stream().skip(1))
                .toList();
        var process = new ProcessBuilder(full)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes());
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        assertEquals(0, process.exitValue(), said);
    }
}
