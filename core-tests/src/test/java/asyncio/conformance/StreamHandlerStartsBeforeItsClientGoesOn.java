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

/** The task that serves a connection begins before the client that has opened it goes on. */
final class StreamHandlerStartsBeforeItsClientGoesOn extends Program {
    void serve(StreamReader reader, StreamWriter writer) {
        say("server starts");
        say("server got", new String(await(reader.readline()), UTF_8).strip());
        writer.write("done\n");
        writer.close();
    }

    Coroutine<Void> main() {
        return async(() -> {
            var server = await(startServer(this::serve, "127.0.0.1", 0));
            for (var name : List.of("first", "second")) {
                var connection = await(openConnection("127.0.0.1", server.port()));
                say(name, "is connected");
                connection.writer().write(name + "\n");
                say(name, "got", new String(await(connection.reader().read()), UTF_8).strip());
                connection.close();
                await(connection.writer().waitClosed());
            }
            server.close();
            await(server.waitClosed());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
