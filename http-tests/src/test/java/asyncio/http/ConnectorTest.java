package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The settings of connectors. */
@Timeout(240)
class ConnectorTest {

    @Test
    void settingsThatMakeNoSense() {
        var builder = Connector.builder();
        assertThrows(IllegalArgumentException.class, () -> builder.limit(-1));
        assertThrows(IllegalArgumentException.class, () -> builder.limitPerHost(-1));
        assertThrows(IllegalArgumentException.class, () -> builder.keepAlive(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> builder.ttlDnsCache(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> builder.dnsCacheMaxSize(0));
        assertThrows(IllegalArgumentException.class, () -> builder.happyEyeballsDelay(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> builder.interleave(-1));
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.localAddress(InetSocketAddress.createUnresolved("a.example", 0)));
        assertThrows(IllegalArgumentException.class, () -> builder.tls(new Tls() {}));
    }

    @Test
    void settingsThatExcludeEachOther() {
        run(() -> {
            var kept = Connector.builder().keepAlive(Duration.ofSeconds(1)).forceClose(true);
            assertTrue(assertThrows(IllegalArgumentException.class, kept::build)
                    .getMessage()
                    .startsWith("keepAlive and forceClose exclude each other"));
            var path = Connector.builder()
                    .unixSocket(Path.of("/tmp/s"))
                    .localAddress(new InetSocketAddress("127.0.0.1", 0));
            assertThrows(IllegalArgumentException.class, path::build);
        });
    }

    @Test
    void aConnectorNeedsALoop() {
        assertThrows(IllegalStateException.class, Connector::create);
    }

    @Test
    void aConnectorIsClosedOnce() {
        run(() -> {
            var connector = Connector.create();
            assertFalse(connector.closed());
            connector.clearDnsCache();
            connector.clearDnsCache("a.example", 80);
            connector.close();
            connector.close();
            assertTrue(connector.closed());
        });
    }

    @Test
    void tlsSettings() {
        assertSame(Tls.system(), Tls.system());
        assertSame(Tls.insecure(), Tls.insecure());
        assertNotNull(Tls.pinned(new byte[32]));
        assertThrows(IllegalArgumentException.class, () -> Tls.pinned(new byte[16]));
        assertThrows(IllegalArgumentException.class, () -> Tls.pinned(new byte[20]));
    }
}
