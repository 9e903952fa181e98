package asyncio.io;

import static asyncio.Asyncio.await;
import static asyncio.io.Streams.openConnection;
import static asyncio.io.Streams.startServer;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Sends from a client to a server. */
final class Transfer {
    private Transfer() {}

    /** What a server receives that {@code client} writes to; with TLS if there are contexts. */
    static byte[] received(@Nullable SSLContext server, @Nullable SSLContext client, ClientConnectedCallback body)
            throws Exception {
        var received = new byte[1][];
        var listening = await(startServer(
                (reader, writer) -> {
                    received[0] = await(reader.read());
                    writer.close();
                },
                "127.0.0.1",
                0,
                ServerOptions.NONE.withSsl(server)));
        var connection = await(openConnection("127.0.0.1", listening.port(), ConnectOptions.NONE.withSsl(client)));
        body.clientConnected(connection.reader(), connection.writer());
        connection.writer().close();
        await(connection.writer().waitClosed());
        listening.close();
        await(listening.waitClosed());
        return received[0];
    }
}
