package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.io.Streams.openConnection;
import static asyncio.io.Streams.startServer;
import static java.nio.charset.StandardCharsets.UTF_8;

import asyncio.Coroutine;
import asyncio.Event;
import asyncio.io.StreamReader;
import asyncio.io.StreamWriter;

/** close stops accepting at once; a connection that is there goes on until its own end. */
final class ClosingTheServerLeavesOpenConnectionsAlone extends Program {
    private final Event connected = Event.create();

    void echo(StreamReader reader, StreamWriter writer) {
        connected.set();
        for (var data = await(reader.read(100)); data.length > 0; data = await(reader.read(100))) {
            writer.write(data);
            await(writer.drain());
        }
        writer.close();
    }

    Coroutine<Void> main() {
        return async(() -> {
            var server = await(startServer(this::echo, "127.0.0.1", 0));
            int port = server.port();
            say("serving", server.isServing());
            var connection = await(openConnection("127.0.0.1", port));
            await(connected.waitSet());
            server.close();
            say("serving", server.isServing(), "sockets", server.sockets().size());
            connection.writer().write("still there?");
            say(new String(await(connection.reader().read(100)), UTF_8));
            try {
                await(openConnection("127.0.0.1", port));
            } catch (Exception e) {
                say("new connection", e);
            }
            connection.close();
            await(connection.writer().waitClosed());
            server.close();
            say("second close() is fine");
        });
    }

    @Override
    void program() {
        run(main());
    }
}
