package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that end TLS (RFC 8446, 6.1) and leave the socket open until the client closes it, as asyncio's do. */
@Timeout(240)
class CloseNotifyTest {
    private static final String WITHOUT_LENGTH = "HTTP/1.1 200 OK\r\n\r\nall there is";

    private static ClientSession session() {
        return ClientSession.builder().tls(Tls.insecure()).build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void itIsTheEndOfABodyWithoutALength(String protocol) throws Exception {
        try (var server = RawServer.startTls(protocol, connection -> {
            connection.readRequest();
            connection.send(WITHOUT_LENGTH);
            connection.socket.shutdownOutput();
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = session()) {
                    assertEquals(
                            "all there is",
                            await(await(session.get(server.url())).text()));
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aBodyWithALengthIsCut(String protocol) throws Exception {
        try (var server = RawServer.startTls(protocol, connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123");
            connection.socket.shutdownOutput();
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = session()) {
                    var response = await(session.get(server.url()));
                    assertThrows(ClientPayloadException.class, () -> await(response.text()));
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aRequestGetsNoResponse(String protocol) throws Exception {
        try (var server = RawServer.startTls(protocol, connection -> {
            connection.readRequest();
            connection.socket.shutdownOutput();
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = session()) {
                    assertThrows(
                            ServerDisconnectedException.class,
                            () -> await(session.post(server.url()).text("x")));
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aKeptConnectionIsNotUsedAgain(String protocol) throws Exception {
        var closedByClient = new CountDownLatch(1);
        try (var server = RawServer.startTls(protocol, connection -> {
            while (connection.readWhole() != null) {
                connection.send(RawServer.ok("" + connection.number));
                if (connection.number == 1) {
                    connection.socket.shutdownOutput();
                    connection.awaitClosedByClient();
                    closedByClient.countDown();
                    return;
                }
            }
        })) {
            run(() -> {
                try (var session = session()) {
                    assertEquals("1", await(await(session.get(server.url())).text()));
                    await(toThread(() -> RawServer.await(closedByClient)));
                    assertEquals(
                            "2",
                            await(await(session.post(server.url()).text("x")).text()));
                }
            });
        }
    }

    @Test
    void aKeptConnectionIsNotUsedAgainAfterTheLoopWasBlocked() throws Exception {
        var ended = new CountDownLatch(1);
        try (var server = RawServer.startTls("TLSv1.3", connection -> {
            while (connection.readWhole() != null) {
                connection.send(RawServer.ok("" + connection.number));
                if (connection.number == 1) {
                    connection.socket.shutdownOutput();
                    ended.countDown();
                    connection.awaitClosedByClient();
                    return;
                }
            }
        })) {
            run(() -> {
                try (var session = session()) {
                    assertEquals("1", await(await(session.get(server.url())).text()));
                    // No other code of the loop runs meanwhile.
                    RawServer.await(ended);
                    IdleConnectionTest.letTimePass();
                    assertEquals(
                            "2",
                            await(await(session.post(server.url()).text("x")).text()));
                }
            });
        }
    }
}
