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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A client sends lines and reads the echo; readline keeps the line end and gives an empty result at the end. */
final class StreamEchoLineByLineUntilEof extends Program {
    private final List<String> log = new ArrayList<>();

    void echo(StreamReader reader, StreamWriter writer) {
        for (var line = await(reader.readline()); line.length > 0; line = await(reader.readline())) {
            writer.write(new String(line, UTF_8).toUpperCase(Locale.ROOT));
            await(writer.drain());
        }
        log.add("server saw the end");
        writer.close();
        await(writer.waitClosed());
    }

    Coroutine<Void> main() {
        return async(() -> {
            var server = await(startServer(this::echo, "127.0.0.1", 0));
            var connection = await(openConnection("127.0.0.1", server.port()));
            var reader = connection.reader();
            var writer = connection.writer();
            for (var line : List.of("one\n", "two\n", "\n")) {
                writer.write(line);
                await(writer.drain());
                var answer = await(reader.readline());
                say("answer", new String(answer, UTF_8).strip(), "length", answer.length);
            }
            say("at eof", reader.atEof());
            writer.writeEof();
            say("after write_eof", await(reader.readline()).length, "at eof", reader.atEof());
            say(log);
            writer.close();
            await(writer.waitClosed());
            server.close();
            await(server.waitClosed());
            say("serving", server.isServing());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
