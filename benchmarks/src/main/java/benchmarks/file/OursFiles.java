package benchmarks.file;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.each;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.file.AsyncFiles.open;
import static asyncio.file.AsyncFiles.openText;

import asyncio.EventLoop;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** asyncio4j, from Java. */
public class OursFiles extends FileWork {
    private EventLoop loop;

    @Setup
    public void openLoop() {
        loop = newEventLoop();
    }

    @TearDown
    public void closeLoop() {
        loop.close();
    }

    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public void copy64k() {
        copy(KIBIBYTES_64);
    }

    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public void copy1m() {
        copy(MEBIBYTE);
    }

    private void copy(int portion) {
        loop.runUntilComplete(async(() -> {
            try (var from = await(open(source));
                    var to = await(open(copy, "wb"))) {
                var buffer = ByteBuffer.allocate(portion);
                while (await(from.readinto(buffer)) > 0) {
                    await(to.write(buffer.flip()));
                    buffer.clear();
                }
            }
        }));
    }

    @Benchmark
    @OperationsPerInvocation(LINES)
    public int lines() {
        return loop.runUntilComplete(async(() -> {
            int size = 0;
            try (var file = await(openText(text))) {
                for (var line : each(file.lines())) {
                    size += line.length();
                }
            }
            return size;
        }));
    }
}
