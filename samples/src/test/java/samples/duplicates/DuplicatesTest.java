package samples.duplicates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import samples.Sample;

class DuplicatesTest {
    @TempDir
    private Path folder;

    @Test
    void findsFilesWithTheSameContent() throws IOException {
        Files.createDirectory(folder.resolve("inside"));
        Files.writeString(folder.resolve("a"), "abc");
        Files.writeString(folder.resolve("inside/b"), "abc");
        Files.writeString(folder.resolve("other"), "abd");
        // Equal up to the last byte.
        var large = "x".repeat(100_000);
        Files.writeString(folder.resolve("large1"), large + "1");
        Files.writeString(folder.resolve("large2"), large + "2");
        Files.writeString(folder.resolve("large3"), large + "1");
        Files.writeString(folder.resolve("empty1"), "");
        Files.writeString(folder.resolve("empty2"), "");

        var sample = Sample.run("duplicates", folder.toString());

        assertEquals(0, sample.exitCode());
        assertEquals("", sample.err());
        assertEquals(
                "2 files of 3 bytes\n  %1$s/a\n  %1$s/inside/b\n2 files of 100,001 bytes\n  %1$s/large1\n  %1$s/large3\n100,004 bytes could be saved\n"
                        .formatted(folder),
                sample.out().replace("\r\n", "\n").replace('\\', '/'));
    }

    @Test
    void readsMoreFilesThanMayBeOpen() throws IOException {
        for (int i = 0; i < 200; i++) {
            Files.writeString(folder.resolve("file" + i), "abc");
        }

        var sample = Sample.run("duplicates", "--open=3", folder.toString());

        assertEquals(0, sample.exitCode());
        assertTrue(sample.out().startsWith("200 files of 3 bytes\n"), sample.out());
        assertTrue(sample.out().endsWith("597 bytes could be saved\n"), sample.out());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void goesOnAfterAFolderThatIsGone() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
        Files.writeString(folder.resolve("abc"), "abc");

        var sample = Sample.run("duplicates", folder.toString());

        assertEquals(0, sample.exitCode());
        assertEquals("0 bytes could be saved\n", sample.out());
    }

    @Test
    void explainsAMistakeInOneLine() {
        var sample = Sample.run("duplicates", "no/such/folder");

        assertEquals(2, sample.exitCode());
        assertTrue(sample.err().contains("no/such/folder is not a folder"), sample.err());
        assertEquals(1, sample.err().lines().count());
    }
}
