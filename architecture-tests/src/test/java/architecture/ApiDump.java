package architecture;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jetbrains.kotlin.abi.tools.AbiFilters;
import org.jetbrains.kotlin.abi.tools.AbiTools;

/** The public API of a module as text, and the file that it has to be equal to. */
final class ApiDump {
    static final String COMMAND = "mvn test -pl architecture-tests -am -Dasyncio.api=write";

    private static final AbiTools TOOLS = AbiTools.Companion.getInstance(null);
    private static final AbiFilters PUBLIC =
            new AbiFilters(Set.of(), Set.of("asyncio.internal.**"), Set.of(), Set.of());

    private final String text;

    private ApiDump(String text) {
        this.text = text;
    }

    /** Of all classes in a folder or in a jar. */
    static ApiDump of(Path place) throws IOException {
        var dump = new StringBuilder();
        TOOLS.printJvmDump(dump, classFiles(place), PUBLIC);
        // An empty dump would be equal to an empty file.
        if (dump.isEmpty()) {
            throw new AssertionError("No public class in " + place);
        }
        return new ApiDump(dump.toString());
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
    }

    /** Fails unless the file says the same. {@code actual} is where this dump goes for the comparison. */
    void check(Path file, Path actual) throws IOException {
        if (!Files.exists(file)) {
            throw new AssertionError("There is no " + file + ". This writes it:\n\n    " + COMMAND + "\n");
        }
        write(actual);
        var difference = TOOLS.filesDiff(file.toFile(), actual.toFile());
        if (difference != null) {
            throw new AssertionError("The public API is not what " + file + " says. If that is meant, this rewrites it:"
                    + "\n\n    " + COMMAND + "\n\n" + difference + "\n");
        }
    }

    private static List<File> classFiles(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return List.of(place.toFile());
        }
        try (var files = Files.walk(place)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(Path::toFile)
                    .toList();
        }
    }
}
