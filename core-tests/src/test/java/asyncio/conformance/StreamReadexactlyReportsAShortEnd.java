package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.io.Streams.openConnection;
import static asyncio.io.Streams.startServer;
import static java.nio.charset.StandardCharsets.UTF_8;

import asyncio.Coroutine;
import asyncio.IncompleteReadException;
import asyncio.io.StreamReader;
import asyncio.io.StreamWriter;

/** readexactly waits for all bytes; if the stream ends first, it fails with what it got and how many it wanted. */
final class StreamReadexactlyReportsAShortEnd extends Program {
    void serve(StreamReader reader, StreamWriter writer) {
        writer.write("hello ");
        await(writer.drain());
        await(reader.readexactly(1));
        writer.write("world");
        writer.close();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    Coroutine<Void> main() {
        return async(() -> {
            var server = await(startServer(this::serve, "127.0.0.1", 0));
            var connection = await(openConnection("127.0.0.1", server.port()));
            var reader = connection.reader();
            var writer = connection.writer();
            say("four", text(await(reader.readexactly(4))));
            writer.write("x");
            say("across two writes", text(await(reader.readexactly(4))));
            say("nothing wanted", await(reader.readexactly(0)).length);
            try {
                await(reader.readexactly(10));
            } catch (IncompleteReadException e) {
                say(e, "partial", text(e.partial()), "expected", e.expected());
            }
            say("afterwards", await(reader.read()).length, "at eof", reader.atEof());
            try {
                await(reader.readexactly(-1));
            } catch (IllegalArgumentException e) {
                say("negative", e);
            }
            writer.close();
            await(writer.waitClosed());
            server.close();
        });
    }

    @Override
    void program() {
        run(main());
    }
}
