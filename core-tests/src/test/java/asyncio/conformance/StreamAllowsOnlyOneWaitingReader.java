package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.io.Streams.openConnection;
import static asyncio.io.Streams.startServer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.io.StreamReader;
import asyncio.io.StreamWriter;
import java.util.List;
import java.util.function.Supplier;

/** A second task that reads while another one waits gets an error; the first read is not disturbed. */
final class StreamAllowsOnlyOneWaitingReader extends Program {
    void serve(StreamReader reader, StreamWriter writer) {
        await(reader.readline());
        writer.write("answer");
        writer.close();
    }

    Coroutine<Void> firstReader(StreamReader reader) {
        return async(() -> say("first got", new String(await(reader.read(100)), UTF_8)));
    }

    Coroutine<Void> main() {
        return async(() -> {
            var server = await(startServer(this::serve, "127.0.0.1", 0));
            var connection = await(openConnection("127.0.0.1", server.port()));
            var reader = connection.reader();
            var writer = connection.writer();
            var task = createTask(firstReader(reader));
            await(sleep(ZERO));
            for (var method : List.<Supplier<Coroutine<byte[]>>>of(reader::read, reader::readline)) {
                try {
                    await(method.get());
                } catch (IllegalStateException e) {
                    say("second reader", e);
                }
            }
            writer.write("question\n");
            await(task);
            say("end", await(reader.read()).length);
            writer.close();
            server.close();
        });
    }

    @Override
    void program() {
        run(main());
    }
}
