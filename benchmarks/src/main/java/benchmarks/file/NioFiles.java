package benchmarks.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** java.nio, in one thread: what the other ways can come near to. */
public class NioFiles extends FileWork {
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public void copy64k() throws IOException {
        copy(KIBIBYTES_64);
    }

    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public void copy1m() throws IOException {
        copy(MEBIBYTE);
    }

    private void copy(int portion) throws IOException {
        try (var from = FileChannel.open(source, StandardOpenOption.READ);
                var to = FileChannel.open(
                        copy,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            var buffer = ByteBuffer.allocate(portion);
            while (from.read(buffer) > 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(LINES)
    public int lines() throws IOException {
        int size = 0;
        try (var reader = Files.newBufferedReader(text)) {
            String line;
            while ((line = reader.readLine()) != null) {
                size += line.length();
            }
        }
        return size;
    }
}
