package asyncio.http;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** nginx, with what goes on in a {@code server} block. */
final class NginxServer {
    private static final String NGINX = "/usr/sbin/nginx";

    private NginxServer() {}

    /** What stands in the block, without the {@code listen}. */
    interface Site {
        String block(Path folder) throws Exception;
    }

    static RealServer plain(Site site) {
        return new RealServer("nginx", List.of(NGINX), (folder, port) -> {
            Files.createDirectories(folder.resolve("root"));
            return command(folder, "listen 127.0.0.1:%d;".formatted(port), site.block(folder));
        });
    }

    /**
     * With TLS and HTTP/2, and a certificate for localhost and 127.0.0.1, signed by nobody else: {@link #certificate}.
     */
    static RealServer tls(Site site) {
        return new RealServer("nginx", List.of(NGINX, "/usr/bin/openssl"), (folder, port) -> {
            Files.createDirectories(folder.resolve("root"));
            makeCertificate(folder);
            var listen = "listen 127.0.0.1:%d ssl http2; ssl_certificate cert.pem; ssl_certificate_key key.pem;";
            return command(folder, listen.formatted(port), site.block(folder));
        });
    }

    static Path certificate(RealServer nginx) {
        return nginx.folder().resolve("cert.pem");
    }

    private static List<String> command(Path folder, String listen, String block) throws Exception {
        var config = folder.resolve("nginx.conf");
        Files.writeString(config, """
                daemon off;
                master_process off;
                worker_processes 1;
                pid "%1$s/nginx.pid";
                error_log stderr warn;
                events { worker_connections 256; }
                http {
                    access_log off;
                    client_body_temp_path "%1$s/tmp"; proxy_temp_path "%1$s/tmp"; fastcgi_temp_path "%1$s/tmp";
                    uwsgi_temp_path "%1$s/tmp"; scgi_temp_path "%1$s/tmp";
                    types { text/plain txt; application/octet-stream bin; application/json json; }
                    server {
                        %2$s
                        root "%1$s/root";
                        %3$s
                    }
                }
                """.formatted(folder, listen, block));
        return List.of(NGINX, "-p", folder.toString(), "-c", config.toString());
    }

    private static void makeCertificate(Path folder) throws Exception {
        var openssl = new ProcessBuilder(
                        "/usr/bin/openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=localhost",
                        "-keyout",
                        "key.pem",
                        "-out",
                        "cert.pem",
                        "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(openssl.getInputStream().readAllBytes());
        if (openssl.waitFor() != 0) {
            throw new AssertionError("openssl: " + said);
        }
    }
}
