package asyncio.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/** Little that becomes much. */
final class Bombs {
    private Bombs() {}

    /** As many zeros as asked for, compressed with gzip as often as {@code coding} names it. */
    static byte[] zeros(String coding, int size) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            var block = new byte[1 << 16];
            for (int done = 0; done < size; done += block.length) {
                gzip.write(block);
            }
        }
        for (int layer = coding.split(",").length; layer > 1; layer--) {
            var more = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(more)) {
                gzip.write(bytes.toByteArray());
            }
            bytes = more;
        }
        return bytes.toByteArray();
    }
}
