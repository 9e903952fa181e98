package asyncio.vertx;

import static asyncio.Asyncio.*;
import static asyncio.vertx.AsyncioVertx.*;
import static asyncio.vertx.Streams.*;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.internal.loop.HostThread;
import asyncio.internal.run.EventLoopImpl;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.NetServer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StreamsTest {
    private final List<String> log = new CopyOnWriteArrayList<>();

    /** A source that never gives more than it was asked for, and knows how much that was. */
    private static final class Numbers implements ReadStream<Integer> {
        private final HostThread host = (HostThread) ((EventLoopImpl) getRunningLoop()).getHost();
        private final int count;
        private Handler<Integer> handler = ignored -> {};
        private Handler<Void> endHandler = ignored -> {};
        private Handler<Throwable> exceptionHandler = ignored -> {};
        private long demand = Long.MAX_VALUE;
        private int next;
        private boolean ended;
        private Throwable failure;

        private Numbers(int count) {
            this.count = count;
        }

        /** The same, without an end. */
        private Numbers never() {
            ended = true;
            return this;
        }

        private void give() {
            while (demand > 0 && next < count) {
                if (demand != Long.MAX_VALUE) demand--;
                handler.handle(next++);
            }
            if (next == count && !ended && demand > 0) {
                ended = true;
                if (failure != null) exceptionHandler.handle(failure);
                else endHandler.handle(null);
            }
        }

        @Override
        public ReadStream<Integer> exceptionHandler(Handler<Throwable> handler) {
            exceptionHandler = handler == null ? ignored -> {} : handler;
            return this;
        }

        @Override
        public ReadStream<Integer> handler(Handler<Integer> handler) {
            this.handler = handler == null ? ignored -> {} : handler;
            return this;
        }

        @Override
        public ReadStream<Integer> pause() {
            demand = 0;
            return this;
        }

        @Override
        public ReadStream<Integer> resume() {
            return fetch(Long.MAX_VALUE);
        }

        @Override
        public ReadStream<Integer> fetch(long amount) {
            demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
            host.execute(this::give);
            return this;
        }

        @Override
        public ReadStream<Integer> endHandler(Handler<Void> handler) {
            endHandler = handler == null ? ignored -> {} : handler;
            return this;
        }
    }

    @Test
    void itemsKeepTheStreamPausedWhileThereIsNoRoom() throws Exception {
        try (var deployed = new Deployed()) {
            AsyncioVertx.run(deployed.vertx, () -> {
                var source = new Numbers(100);
                var seen = new ArrayList<Integer>();
                for (var number : each(items(source, 4))) {
                    seen.add(number);
                    await(sleep(ofMillis(0)));
                    assertTrue(source.next <= seen.size() + 4, source.next + " were asked for at " + seen.size());
                }
                assertEquals(100, seen.size());
                assertEquals(99, seen.get(99));
            });
        }
    }

    @Test
    void aFailureComesAfterTheItemsThatWereThereBefore() throws Exception {
        try (var deployed = new Deployed()) {
            AsyncioVertx.run(deployed.vertx, () -> {
                var source = new Numbers(3);
                source.failure = new IOException("broken");
                var seen = new ArrayList<Integer>();
                assertThrows(IOException.class, () -> {
                    for (var number : each(items(source))) seen.add(number);
                });
                assertEquals(List.of(0, 1, 2), seen);
            });
        }
    }

    @Test
    void closingThrowsTheRestAwayAndWakesTheReader() throws Exception {
        try (var deployed = new Deployed()) {
            AsyncioVertx.run(deployed.vertx, () -> {
                var source = new Numbers(100);
                try (var items = items(source, 2)) {
                    for (var number : each(items)) {
                        if (number == 5) break;
                    }
                }
                while (!source.ended) await(sleep(ofMillis(1)));

                var silent = items(new Numbers(0).never());
                var reader = Asyncio.createTask(async(() -> {
                    for (var number : each(silent)) log.add("" + number);
                    log.add("end");
                }));
                await(sleep(ofMillis(1)));
                silent.close();
                await(reader);
                assertEquals(List.of("end"), log);
            });
        }
    }

    /** The first program: an echo server whose connections are coroutines. */
    private static NetServer echo(Vertx vertx) {
        return vertx.createNetServer().connectHandler(socket -> {
            var received = items(socket);
            AsyncioVertx.createTask(() -> {
                var sink = sink(socket);
                for (var buffer : each(received)) await(sink.write(buffer));
                await(sink.end());
            });
        });
    }

    @Test
    void aSocketIsReadAndWrittenWithBackPressure() throws Exception {
        try (var deployed = new Deployed()) {
            var vertx = deployed.vertx;
            AsyncioVertx.run(vertx, () -> {
                var server = await(echo(vertx).listen(0, "127.0.0.1"));
                // Vert.x closes a client that is garbage, with its connections.
                var client = vertx.createNetClient();
                var socket = await(client.connect(server.actualPort(), "127.0.0.1"));
                var received = items(socket);
                var size = 4_000_000;
                var writer = Asyncio.createTask(async(() -> {
                    var sink = sink(socket);
                    var piece = Buffer.buffer(new byte[40_000]);
                    for (var i = 0; i < size / 40_000; i++) await(sink.write(piece));
                }));
                var total = 0;
                while (total < size) total += await(received.anext()).length();
                await(writer);
                assertEquals(size, total);
                await(client.close());
            });
        }
    }

    @Test
    void aServerThatSpeaksFirstIsHeard() throws Exception {
        try (var deployed = new Deployed()) {
            var vertx = deployed.vertx;
            AsyncioVertx.run(vertx, () -> {
                var server = await(vertx.createNetServer()
                        .connectHandler(socket -> socket.end(Buffer.buffer("220 hello")))
                        .listen(0, "127.0.0.1"));
                var client = vertx.createNetClient();
                for (var i = 0; i < 200; i++) {
                    var socket = await(client.connect(server.actualPort(), "127.0.0.1"));
                    var banner = Buffer.buffer();
                    for (var buffer : each(items(socket))) banner.appendBuffer(buffer);
                    assertEquals("220 hello", banner.toString());
                }
            });
        }
    }

    @Test
    void theHttpClientOfVertxWorksAsItIs() throws Exception {
        try (var deployed = new Deployed()) {
            var vertx = deployed.vertx;
            AsyncioVertx.run(vertx, () -> {
                var server = await(vertx.createHttpServer()
                        .requestHandler(request -> request.response().end("hello"))
                        .listen(0, "127.0.0.1"));
                var client = vertx.createHttpClient();
                var others = new ArrayList<asyncio.Task<Void>>();
                for (var worker = 0; worker < 20; worker++) {
                    others.add(Asyncio.createTask(async(() -> {
                        for (var i = 0; i < 20; i++) {
                            var request = await(client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/"));
                            var response = await(request.send());
                            assertEquals("hello", await(response.body()).toString());
                        }
                    })));
                }
                await(gather(others));
            });
        }
    }

    @Test
    void aWriteToAClosedConnectionIsRaised() throws Exception {
        try (var deployed = new Deployed()) {
            var vertx = deployed.vertx;
            AsyncioVertx.run(vertx, () -> {
                var server = await(vertx.createNetServer()
                        .connectHandler(socket -> {
                            socket.pause();
                            vertx.setTimer(20, ignored -> socket.close());
                        })
                        .listen(0, "127.0.0.1"));
                var client = vertx.createNetClient();
                var socket = await(client.connect(server.actualPort(), "127.0.0.1"));
                var sink = sink(socket);
                assertThrows(Exception.class, () -> {
                    while (true) await(sink.write(Buffer.buffer(new byte[100_000])));
                });
                await(client.close());
            });
        }
    }

    @Test
    void aPipeCanBeCancelledAndAnIterableCanBePiped() throws Exception {
        try (var deployed = new Deployed()) {
            var vertx = deployed.vertx;
            AsyncioVertx.run(vertx, () -> {
                var file = await(vertx.fileSystem().createTempFile("asyncio", ".txt"));
                var destination =
                        await(vertx.fileSystem().open(file, new io.vertx.core.file.OpenOptions().setWrite(true)));
                await(pipe(
                        asyncGenerator(out -> {
                            for (var i = 0; i < 3; i++) {
                                await(sleep(ofMillis(1)));
                                out.yield(Buffer.buffer("line " + i + "\n"));
                            }
                        }),
                        destination));
                assertEquals(
                        "line 0\nline 1\nline 2\n",
                        await(vertx.fileSystem().readFile(file)).toString());
                var source = await(vertx.fileSystem().open(file, new io.vertx.core.file.OpenOptions()));
                var copy = await(vertx.fileSystem().createTempFile("asyncio", ".txt"));
                await(pipe(
                        source,
                        await(vertx.fileSystem().open(copy, new io.vertx.core.file.OpenOptions().setWrite(true)))));
                assertEquals(
                        "line 0\nline 1\nline 2\n",
                        await(vertx.fileSystem().readFile(copy)).toString());

                var silent = new Numbers(0).never();
                var task = Asyncio.createTask(pipe(silent, new Discarding()));
                await(sleep(ofMillis(1)));
                task.cancel();
                assertThrows(CancelledError.class, () -> await(task));
            });
        }
    }

    private static final class Discarding implements WriteStream<Integer> {
        @Override
        public WriteStream<Integer> exceptionHandler(Handler<Throwable> handler) {
            return this;
        }

        @Override
        public Future<Void> write(Integer data) {
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> end() {
            return Future.succeededFuture();
        }

        @Override
        public WriteStream<Integer> setWriteQueueMaxSize(int maxSize) {
            return this;
        }

        @Override
        public boolean writeQueueFull() {
            return false;
        }

        @Override
        public WriteStream<Integer> drainHandler(Handler<Void> handler) {
            return this;
        }
    }
}
