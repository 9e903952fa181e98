package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.io.Streams.openConnection;
import static asyncio.io.Streams.startServer;
import static java.nio.charset.StandardCharsets.UTF_8;

import asyncio.Coroutine;
import asyncio.io.StreamReader;
import asyncio.io.StreamWriter;
import java.util.List;

/** writeEof ends one direction only: the server reads everything up to the end and can still answer. */
final class StreamHalfCloseLetsTheAnswerComeBack extends Program {
    void countBytes(StreamReader reader, StreamWriter writer) {
        var data = await(reader.read());
        writer.write(data.length + " bytes, last " + (char) data[data.length - 1]);
        await(writer.drain());
        writer.close();
    }

    Coroutine<Void> main() {
        return async(() -> {
            var server = await(startServer(this::countBytes, "127.0.0.1", 0));
            for (int size : List.of(3, 300_000)) {
                var connection = await(openConnection("127.0.0.1", server.port()));
                var reader = connection.reader();
                var writer = connection.writer();
                say("can write eof", writer.canWriteEof());
                for (int start = 0; start < size; start += 1000) {
                    writer.write("a".repeat(Math.min(size - start, 1000) - 1) + "z");
                    await(writer.drain());
                }
                writer.writeEof();
                try {
                    writer.write("more");
                } catch (IllegalStateException e) {
                    say("write after eof", e);
                }
                say(new String(await(reader.read()), UTF_8));
                say("nothing left", await(reader.read()).length, "at eof", reader.atEof());
                writer.close();
                await(writer.waitClosed());
            }
            server.close();
        });
    }

    @Override
    void program() {
        run(main());
    }
}
