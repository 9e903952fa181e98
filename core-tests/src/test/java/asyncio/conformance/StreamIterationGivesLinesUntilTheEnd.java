package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.io.Streams.openConnection;
import static asyncio.io.Streams.startServer;
import static java.nio.charset.StandardCharsets.UTF_8;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.io.StreamReader;
import asyncio.io.StreamWriter;
import java.util.List;

/** A reader may be gone through: a line at a time, the last one possibly without its end. */
final class StreamIterationGivesLinesUntilTheEnd extends Program {
    void serve(StreamReader reader, StreamWriter writer) {
        for (var piece : List.of("first\nsec", "ond\n\nfou", "rth")) {
            writer.write(piece);
            await(writer.drain());
            await(reader.readexactly(1));
        }
        writer.close();
    }

    Coroutine<Void> main() {
        return async(() -> {
            var server = await(startServer(this::serve, "127.0.0.1", 0));
            var connection = await(openConnection("127.0.0.1", server.port()));
            var reader = connection.reader();
            var writer = connection.writer();
            writer.write("...");
            for (var bytes : Asyncio.each(reader)) {
                var line = new String(bytes, UTF_8);
                say("line", line.strip(), "ends with line end", line.endsWith("\n"));
            }
            say("loop ended, at eof", reader.atEof());
            for (var bytes : Asyncio.each(reader)) {
                say("must not print", bytes);
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
