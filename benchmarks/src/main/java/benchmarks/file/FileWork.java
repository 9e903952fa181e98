package benchmarks.file;

import benchmarks.work.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The files that the rows are about, in the folder of the system for such ones. They stay in the cache of the system.
 */
public abstract class FileWork extends Work {
    /** Size of the file that is copied. */
    public static final int MEBIBYTES = 64;

    /** How many lines the other one has. */
    public static final int LINES = 500_000;

    static final int KIBIBYTES_64 = 64 * 1024;
    static final int MEBIBYTE = 1024 * 1024;

    private static final String LINE = "a line of text that is neither long nor short, as many are\n";

    Path source;
    Path copy;
    Path text;
    private Path folder;

    @Setup
    public void makeFiles() throws IOException {
        folder = Files.createTempDirectory("benchmark");
        source = folder.resolve("source");
        copy = folder.resolve("copy");
        text = folder.resolve("text");
        var bytes = new byte[MEBIBYTES * MEBIBYTE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Files.write(source, bytes);
        Files.writeString(text, LINE.repeat(LINES));
    }

    @TearDown
    public void removeFiles() throws IOException {
        for (var file : new Path[] {source, copy, text, folder}) {
            Files.deleteIfExists(file);
        }
    }
}
