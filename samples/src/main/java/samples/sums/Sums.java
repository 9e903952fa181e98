package samples.sums;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofSeconds;

import asyncio.Coroutine;
import asyncio.Queue;
import asyncio.TimeoutException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the SHA-256 sums of all files below a folder; a few workers share the files through a queue. */
@Command(
        name = "sums",
        description = "Prints the SHA-256 sums of all files below a folder, as sha256sum does, in the order in which"
                + " they are ready.",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every file was summed",
            "1:a file could not be read, or the time was over",
            "2:a mistake on the command line",
            "130:interrupted"
        })
public final class Sums implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FOLDER",
            arity = "0..1",
            defaultValue = ".",
            description = "the folder (default: this one)")
    private Path folder;

    @Option(names = "--workers", defaultValue = "4", description = "how many files are read at once (default: 4)")
    private int workers;

    @Option(names = "--seconds", defaultValue = "3600", description = "how long it may take (default: 3600)")
    private int seconds;

    private int summed;
    private int unreadable;

    @Override
    public Integer call() {
        if (!Files.isDirectory(folder)) {
            throw new ParameterException(spec.commandLine(), folder + " is not a folder");
        }
        if (workers < 1 || seconds < 1) {
            throw new ParameterException(spec.commandLine(), "--workers and --seconds must be at least 1");
        }
        try {
            run(() -> with(timeout(ofSeconds(seconds)), () -> await(sumAll())));
        } catch (TimeoutException late) {
            err().printf("The time was over after %,d files%n", summed);
            return 1;
        } catch (UncheckedIOException e) {
            err().println(e.getCause());
            return 1;
        }
        return unreadable == 0 ? 0 : 1;
    }

    private Coroutine<Void> sumAll() {
        return async(() -> {
            Queue<Path> files = Queue.create(2 * workers);
            with(taskGroup(), group -> {
                for (int i = 1; i <= workers; i++) {
                    group.createTask(sumEach(files), "worker-" + i);
                }
                try (var found = Files.walk(folder)) {
                    Iterable<Path> regular = found.filter(Files::isRegularFile)::iterator;
                    for (var file : regular) {
                        await(files.put(file));
                    }
                }
                files.shutdown();
            });
        });
    }

    private Coroutine<Void> sumEach(Queue<Path> files) {
        return async(() -> {
            for (var file : each(files)) {
                try {
                    var sum = await(toThread(() -> sum(file)), IOException.class);
                    summed++;
                    spec.commandLine().getOut().println(sum + "  " + file);
                } catch (IOException e) {
                    unreadable++;
                    err().println(file + ": " + e);
                }
            }
        });
    }

    private static String sum(Path file) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
