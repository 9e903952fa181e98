package samples.sums;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import samples.Sample;

class SumsTest {
    /** From the standard, FIPS 180-4, for "abc" and for nothing. */
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static final String OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @TempDir
    private Path folder;

    @Test
    void sumsAllFiles() throws IOException {
        Files.createDirectory(folder.resolve("inside"));
        Files.writeString(folder.resolve("abc"), "abc");
        Files.writeString(folder.resolve("inside/empty"), "");

        var sample = Sample.run("sums", folder.toString());

        assertEquals(0, sample.exitCode());
        assertEquals("", sample.err());
        assertEquals(
                OF_ABC + "  " + folder.resolve("abc") + "\n" + OF_NOTHING + "  " + folder.resolve("inside/empty"),
                sample.out().lines().sorted().collect(Collectors.joining("\n")));
    }

    @Test
    void sumsMoreFilesThanTheQueueHolds() throws IOException {
        for (int i = 0; i < 100; i++) {
            Files.writeString(folder.resolve("file" + i), "abc");
        }

        var sample = Sample.run("sums", "--workers=3", folder.toString());

        assertEquals(0, sample.exitCode());
        assertEquals(
                100,
                sample.out().lines().filter(line -> line.startsWith(OF_ABC)).count());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void goesOnAfterAFileThatCannotBeRead() throws IOException {
        Files.writeString(folder.resolve("abc"), "abc");
        // A regular file whose first byte nobody can read, not even root.
        Files.createSymbolicLink(folder.resolve("memory"), Path.of("/proc/self/mem"));

        var sample = Sample.run("sums", folder.toString());

        assertEquals(1, sample.exitCode());
        assertTrue(sample.out().startsWith(OF_ABC));
        assertTrue(sample.err().startsWith(folder.resolve("memory") + ": java.io.IOException"), sample.err());
    }

    @Test
    void explainsAMistakeInOneLine() {
        var sample = Sample.run("sums", "no/such/folder");

        assertEquals(2, sample.exitCode());
        assertTrue(sample.err().contains("no/such/folder is not a folder"), sample.err());
        assertEquals(1, sample.err().lines().count());
    }
}
