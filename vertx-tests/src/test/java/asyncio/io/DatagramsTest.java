package asyncio.io;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.each;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.waitFor;
import static asyncio.Asyncio.with;
import static asyncio.io.Transports.createDatagramEndpoint;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Task;
import asyncio.TimeoutException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Datagrams by protocols and by coroutines; the values are those of CPython 3.13. */
class DatagramsTest extends OnNetwork {
    private static InetSocketAddress here(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    /** Notes what it hears. */
    private final class Ear implements DatagramProtocol {
        final String name;

        @Nullable
        String fails;

        DatagramTransport transport;
        boolean lost;

        @Nullable
        SocketAddress from;

        Ear(String name) {
            this.name = name;
        }

        private void note(String method, String text) {
            log.add(name + " " + text);
            if (method.equals(fails)) throw new IllegalArgumentException(method);
        }

        @Override
        public void connectionMade(DatagramTransport transport) {
            this.transport = transport;
            note("connection_made", "made");
        }

        @Override
        public void datagramReceived(byte[] data, SocketAddress addr) {
            from = addr;
            note("datagram_received", "got " + (data.length > 20 ? data.length : "'" + text(data) + "'"));
        }

        @Override
        public void errorReceived(IOException error) {
            note("error_received", "error " + error.getMessage());
        }

        @Override
        public void connectionLost(@Nullable Throwable error) {
            lost = true;
            note("connection_lost", "lost " + (error == null ? "None" : error.getMessage()));
        }
    }

    private Ear open(String name, @Nullable SocketAddress local, @Nullable SocketAddress remote) {
        return await(createDatagramEndpoint(() -> new Ear(name), local, remote)).protocol();
    }

    private static SocketAddress address(Ear ear) {
        return ear.transport.getExtraInfo(ExtraInfo.SOCKNAME);
    }

    private void said(String line) {
        until(() -> log.contains(line));
    }

    private void close(Ear... ears) {
        for (var ear : ears) {
            ear.transport.close();
        }
        for (var ear : ears) {
            until(() -> ear.lost);
        }
    }

    // ---- protocols

    @Test
    void datagramsKeepTheirBorders() {
        inLoop(() -> {
            var server = open("server", here(0), null);
            var client = open("client", here(0), null);
            assertEquals(List.of("server made", "client made"), log);
            client.transport.sendto(bytes("one"), address(server));
            client.transport.sendto(bytes("two"), address(server));
            said("server got 'two'");
            assertEquals(List.of("server got 'one'", "server got 'two'"), log.subList(2, 4));
            assertEquals(address(client), server.from);
            server.transport.sendto(bytes("back"), server.from);
            said("client got 'back'");
            close(server, client);
        });
    }

    @Test
    void theSmallestAndTheLargest() {
        inLoop(() -> {
            var server = open("server", here(0), null);
            var client = open("client", here(0), null);
            client.transport.sendto(new byte[0], address(server));
            said("server got ''");
            client.transport.sendto(new byte[65_507], address(server));
            said("server got 65507");
            client.transport.sendto(new byte[65_508], address(server));
            said("client error Message too long");
            assertFalse(client.transport.isClosing());
            client.transport.sendto(bytes("goes on"), address(server));
            said("server got 'goes on'");
            assertEquals(0, client.transport.getWriteBufferSize());
            close(server, client);
        });
    }

    @Test
    void anEndpointWithARemoteAddress() {
        inLoop(() -> {
            var server = open("server", here(0), null);
            var client = open("client", null, address(server));
            var stranger = open("stranger", here(0), null);
            assertEquals(address(server), client.transport.getExtraInfo(ExtraInfo.PEERNAME));
            assertNull(server.transport.getExtraInfo(ExtraInfo.PEERNAME));
            client.transport.sendto(bytes("a"));
            client.transport.sendto(bytes("b"), address(server));
            said("server got 'b'");
            var wrong =
                    assertThrows(IllegalArgumentException.class, () -> client.transport.sendto(bytes("x"), here(1)));
            assertTrue(wrong.getMessage().startsWith("Invalid address: must be null or "), wrong.getMessage());
            assertThrows(IllegalArgumentException.class, () -> stranger.transport.sendto(bytes("x")));
            // Only the remote side is heard.
            stranger.transport.sendto(bytes("strange"), address(client));
            server.transport.sendto(bytes("answer"), server.from);
            said("client got 'answer'");
            assertFalse(log.contains("client got 'strange'"));
            // What the JDK cannot do is told.
            client.transport.sendto(new byte[0]);
            said("client error The JDK cannot send an empty datagram from a socket with a remote address");
            close(server, client, stranger);
        });
    }

    @Test
    void aPortWhereNobodyListens() {
        inLoop(() -> {
            var server = open("server", here(0), null);
            var client = open("client", null, address(server));
            close(server);
            // The socket is closed when its selector has selected.
            until(() -> {
                client.transport.sendto(bytes("a"));
                return log.get(log.size() - 1).startsWith("client error");
            });
            assertFalse(client.transport.isClosing());
            close(client);
        });
    }

    @Test
    void closeAndAbort() {
        inLoop(() -> {
            for (boolean abort : new boolean[] {false, true}) {
                log.clear();
                var ear = open("ear", here(0), null);
                if (abort) ear.transport.abort();
                else ear.transport.close();
                assertTrue(ear.transport.isClosing());
                assertFalse(ear.lost);
                ear.transport.sendto(bytes("late"), here(9));
                ear.transport.close();
                ear.transport.abort();
                until(() -> ear.lost);
                iterations(5);
                assertEquals(List.of("ear made", "ear lost None"), log);
            }
        });
    }

    @Test
    void closeSendsWhatWasGiven() {
        inLoop(() -> {
            var server = open("server", here(0), null);
            var client = open("client", here(0), null);
            for (int i = 0; i < 20; i++) {
                client.transport.sendto(bytes("n" + i), address(server));
            }
            client.transport.close();
            said("server got 'n19'");
            close(server);
            until(() -> client.lost);
            assertEquals(0, client.transport.getWriteBufferSize());
        });
    }

    @Test
    void whatAProtocolRaises() {
        inLoopWithReports(() -> {
            var server = open("server", here(0), null);
            var client = open("client", here(0), null);
            server.fails = "datagram_received";
            client.transport.sendto(bytes("x"), address(server));
            until(() -> !reports.isEmpty());
            assertEquals(List.of("Exception in callback protocol.datagram_received()"), messages());
            assertSameTransport(server);
            // As in asyncio, the endpoint goes on.
            assertFalse(server.transport.isClosing());
            server.fails = null;
            client.transport.sendto(bytes("y"), address(server));
            until(() -> log.contains("server got 'y'"));
            client.fails = "connection_lost";
            close(client);
            until(() -> reports.size() == 2);
            close(server);
        });
    }

    private void assertSameTransport(Ear ear) {
        assertEquals(ear.transport, reports.get(0).details().get("transport"));
    }

    @Test
    void manyEndpointsShareAPort() {
        inLoop(() -> {
            var options = DatagramOptions.NONE.withReusePort(true);
            var first = await(createDatagramEndpoint(() -> new Ear("first"), here(0), null, options))
                    .protocol();
            var second = await(createDatagramEndpoint(() -> new Ear("second"), address(first), null, options))
                    .protocol();
            assertEquals(address(first), address(second));
            close(first, second);
        });
    }

    @Test
    void broadcastsNeedLeave() {
        inLoop(() -> {
            var to = new InetSocketAddress(InetAddress.getByName("255.255.255.255"), 9);
            var ear = open("ear", new InetSocketAddress("0.0.0.0", 0), null);
            ear.transport.sendto(bytes("x"), to);
            until(() -> log.stream().anyMatch(line -> line.startsWith("ear error")));
            var loud = await(createDatagramEndpoint(
                            () -> new Ear("loud"),
                            new InetSocketAddress("0.0.0.0", 0),
                            null,
                            DatagramOptions.NONE.withAllowBroadcast(true)))
                    .protocol();
            loud.transport.sendto(bytes("x"), to);
            await(sleep(ofMillis(20)));
            // A machine without a network says that it is unreachable; but not that it may not.
            assertFalse(log.contains("loud error Permission denied"));
            close(ear, loud);
        });
    }

    @Test
    void onlyTheFirstBytesAreKept() {
        inLoop(() -> {
            var small = await(createDatagramEndpoint(
                            () -> new Ear("small"), here(0), null, DatagramOptions.NONE.withMaxSize(4)))
                    .protocol();
            var client = open("client", here(0), null);
            client.transport.sendto(bytes("123456"), address(small));
            client.transport.sendto(bytes("789"), address(small));
            said("small got '789'");
            assertEquals("small got '1234'", log.get(2));
            close(small, client);
        });
    }

    @Test
    void anAddressThatIsTaken() {
        inLoop(() -> {
            var ear = open("ear", here(0), null);
            assertThrows(BindException.class, () -> open("other", address(ear), null));
            assertThrows(BindException.class, () -> open("other", new InetSocketAddress("192.0.2.1", 0), null));
            close(ear);
        });
    }

    // ---- by coroutines

    @Test
    void sendAndReceive() {
        inLoop(() -> with(await(Datagrams.bind(here(0))), server -> {
            with(await(Datagrams.connect(server.localAddress())), client -> {
                assertEquals(server.localAddress(), client.remoteAddress());
                assertNull(server.remoteAddress());
                await(client.send(bytes("hello")));
                var datagram = await(server.receive());
                assertEquals("hello", text(datagram.data()));
                assertEquals(client.localAddress(), datagram.address());
                await(server.send(new byte[0], datagram.address()));
                assertEquals(0, await(client.receive()).data().length);
                var large = pattern(65_507);
                await(client.send(large));
                assertArrayEquals(large, await(server.receive()).data());
                assertThrows(IllegalArgumentException.class, () -> await(server.send(bytes("x"))));
                assertEquals(0, server.dropped());
            });
        }));
    }

    @Test
    void aDatagramThatIsTooLargeIsRaisedAtTheNextReceive() {
        inLoop(() -> with(await(Datagrams.bind(here(0))), server -> {
            await(server.send(new byte[65_508], server.localAddress()));
            assertEquals(
                    "Message too long",
                    assertThrows(IOException.class, () -> await(server.receive()))
                            .getMessage());
            await(server.send(bytes("on"), server.localAddress()));
            assertEquals("on", text(await(server.receive()).data()));
        }));
    }

    @Test
    void nobodyListensThere() {
        inLoop(() -> {
            var gone = await(Datagrams.bind(here(0)));
            var address = gone.localAddress();
            gone.close();
            iterations(3);
            with(await(Datagrams.connect(address)), client -> {
                // The socket is closed when its selector has selected.
                for (int i = 0; ; i++) {
                    await(client.send(bytes("x")));
                    try {
                        await(waitFor(client.receive(), ofMillis(200)));
                    } catch (TimeoutException stillThere) {
                        assertTrue(i < 50);
                        continue;
                    } catch (RuntimeException other) {
                        throw other;
                    } catch (Exception unreachable) {
                        assertEquals(PortUnreachableException.class, unreachable.getClass());
                        break;
                    }
                }
            });
        });
    }

    @Test
    void manySenders() {
        inLoop(() -> with(await(Datagrams.bind(here(0))), server -> {
            var senders = new ArrayList<Coroutine<Void>>();
            for (int s = 0; s < 20; s++) {
                var name = s;
                senders.add(async(() -> {
                    with(await(Datagrams.connect(server.localAddress())), client -> {
                        for (int i = 0; i < 50; i++) {
                            await(client.send(bytes(name + " " + i)));
                            var answer = text(await(client.receive()).data());
                            assertEquals("echo " + name + " " + i, answer);
                        }
                    });
                }));
            }
            var echo = createTask(async(() -> {
                for (var datagram : each(server)) {
                    await(server.send(bytes("echo " + text(datagram.data())), datagram.address()));
                }
                log.add("over");
            }));
            await(gather(senders));
            server.close();
            await(echo);
            assertEquals(List.of("over"), log);
        }));
    }

    @Test
    void aCancelledReceiveLosesNothing() {
        inLoop(() -> with(await(Datagrams.bind(here(0))), server -> {
            with(await(Datagrams.connect(server.localAddress())), client -> {
                int received = 0;
                for (int round = 0; round < 100; round++) {
                    var receiving = createTask(server.receive());
                    if (round % 3 > 0) iterations(2);
                    await(client.send(bytes("n" + round)));
                    for (int i = 0; i < round % 7; i++) iterations(1);
                    if (round % 5 == 0) await(sleep(ofMillis(1)));
                    receiving.cancel();
                    try {
                        assertEquals("n" + received, text(await(receiving).data()));
                        received++;
                    } catch (CancelledError cancelled) {
                        continue;
                    }
                }
                while (received < 100) {
                    assertEquals("n" + received++, text(await(server.receive()).data()));
                }
            });
        }));
    }

    @Test
    void severalReceiversGetOneEach() {
        inLoop(() -> with(await(Datagrams.bind(here(0))), server -> {
            var receivers = new ArrayList<Task<Datagram>>();
            for (int i = 0; i < 4; i++) {
                receivers.add(createTask(server.receive()));
            }
            iterations(2);
            receivers.get(1).cancel();
            for (int i = 0; i < 3; i++) {
                await(server.send(bytes("" + i), server.localAddress()));
            }
            assertEquals("0", text(await(receivers.get(0)).data()));
            assertEquals("1", text(await(receivers.get(2)).data()));
            assertEquals("2", text(await(receivers.get(3)).data()));
            assertTrue(receivers.get(1).cancelled());
        }));
    }

    @Test
    void closeWakesAllReceivers() {
        inLoop(() -> {
            var server = await(Datagrams.bind(here(0)));
            var one = createTask(server.receive());
            var two = createTask(server.receive());
            var all = createTask(async(() -> {
                for (var datagram : each(server)) {
                    log.add(text(datagram.data()));
                }
                log.add("over");
            }));
            iterations(3);
            server.close();
            server.close();
            assertThrows(ClosedChannelException.class, () -> await(one));
            assertThrows(ClosedChannelException.class, () -> await(two));
            await(all);
            assertEquals(List.of("over"), log);
            assertThrows(ClosedChannelException.class, () -> await(server.receive()));
            assertThrows(ClosedChannelException.class, () -> await(server.send(bytes("x"), here(9))));
        });
    }

    @Test
    void whatNobodyReceivesIsDroppedAndCounted() {
        inLoop(() -> with(await(Datagrams.open(here(0), null, DatagramOptions.NONE.withReceiveQueue(3))), server -> {
            for (int i = 0; i < 10; i++) {
                await(server.send(bytes("" + i), server.localAddress()));
            }
            until(() -> server.dropped() == 7);
            for (int i = 0; i < 3; i++) {
                assertEquals("" + i, text(await(server.receive()).data()));
            }
            await(server.send(bytes("next"), server.localAddress()));
            assertEquals("next", text(await(server.receive()).data()));
        }));
    }

    @Test
    void whatHasComeCanBeReceivedAfterClose() {
        inLoop(() -> {
            var server = await(Datagrams.bind(here(0)));
            await(server.send(bytes("x"), server.localAddress()));
            var first = await(server.receive());
            assertEquals("x", text(first.data()));
            server.close();
            assertThrows(ClosedChannelException.class, () -> await(server.receive()));
        });
    }
}
