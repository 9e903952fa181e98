package samples.duplicates;

import static asyncio.Asyncio.*;
import static asyncio.file.AsyncFiles.*;
import static asyncio.file.AsyncOs.*;

import asyncio.Coroutine;
import asyncio.Semaphore;
import asyncio.file.WalkOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Finds files with the same content. Files of the same size are candidates; of these the first bytes are compared, and
 * the whole content only where those are equal, so that few files are read to their end.
 */
@Command(
        name = "duplicates",
        description = "Finds files with the same content below a folder, and what they waste.",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything was read",
            "1:a file or a folder could not be read",
            "2:a mistake on the command line",
            "130:interrupted"
        })
public final class Duplicates implements Callable<Integer> {
    private static final int PORTION = 64 * 1024;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FOLDER",
            arity = "0..1",
            defaultValue = ".",
            description = "the folder (default: this one)")
    private Path folder;

    @Option(names = "--open", defaultValue = "16", description = "how many files are open at once (default: 16)")
    private int open;

    @Option(names = "--min", defaultValue = "1", description = "the size of the smallest file of interest (default: 1)")
    private long min;

    private int unreadable;

    @Override
    public Integer call() {
        if (open < 1) {
            throw new ParameterException(spec.commandLine(), "--open must be at least 1");
        }
        if (!run(() -> await(isdir(folder)))) {
            throw new ParameterException(spec.commandLine(), folder + " is not a folder");
        }
        run(() -> {
            var sizes = await(filesBySize());
            sizes.values().removeIf(files -> files.size() < 2);
            var heads = await(split(sizes, file -> digest(file, PORTION)));
            report(await(split(heads, file -> digest(file, Long.MAX_VALUE))));
        });
        return unreadable == 0 ? 0 : 1;
    }

    private Coroutine<Map<String, List<Path>>> filesBySize() {
        return async(() -> {
            Map<String, List<Path>> sizes = new TreeMap<>();
            for (var found : each(walk(folder, WalkOptions.DEFAULT.withOnerror(this::unreadable)))) {
                for (var name : found.filenames()) {
                    var path = found.dirpath().resolve(name);
                    try {
                        var stat = await(lstat(path), IOException.class);
                        if (stat.isRegularFile() && stat.stSize() >= min) {
                            sizes.computeIfAbsent("%020d".formatted(stat.stSize()), size -> new ArrayList<>())
                                    .add(path);
                        }
                    } catch (IOException e) {
                        unreadable(e);
                    }
                }
            }
            return sizes;
        });
    }

    private interface Question {
        Coroutine<String> about(Path file);
    }

    /** Divides each group by the answers, and leaves those of two files or more. */
    private Coroutine<Map<String, List<Path>>> split(Map<String, List<Path>> groups, Question question) {
        return async(() -> {
            Map<String, List<Path>> parts = new TreeMap<>();
            var permits = Semaphore.create(open);
            with(taskGroup(), tasks -> {
                for (var group : groups.entrySet()) {
                    for (var file : group.getValue()) {
                        tasks.createTask(async(() -> with(permits, () -> {
                            try {
                                var answer = await(question.about(file), IOException.class);
                                parts.computeIfAbsent(group.getKey() + " " + answer, key -> new ArrayList<>())
                                        .add(file);
                            } catch (IOException e) {
                                unreadable(e);
                            }
                        })));
                    }
                }
            });
            parts.values().removeIf(files -> files.size() < 2);
            return parts;
        });
    }

    /** The SHA-256 of the first bytes of a file. */
    private static Coroutine<String> digest(Path path, long most) {
        return async(() -> {
            var digest = MessageDigest.getInstance("SHA-256");
            try (var file = await(open(path))) {
                long read = 0;
                for (var chunk : each(file.chunks(PORTION))) {
                    digest.update(chunk);
                    read += chunk.length;
                    if (read >= most) {
                        break;
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        });
    }

    private void report(Map<String, List<Path>> groups) {
        var out = spec.commandLine().getOut();
        long wasted = 0;
        for (var group : groups.entrySet()) {
            var size = Long.parseLong(group.getKey().substring(0, 20));
            var files = group.getValue();
            wasted += size * (files.size() - 1);
            out.printf("%d files of %,d bytes%n", files.size(), size);
            files.stream().sorted().forEach(file -> out.println("  " + file));
        }
        out.printf("%,d bytes could be saved%n", wasted);
    }

    private void unreadable(IOException error) {
        unreadable++;
        err().println(error);
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
