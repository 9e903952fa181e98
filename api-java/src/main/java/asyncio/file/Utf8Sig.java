package asyncio.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;

/**
 * UTF-8 with a byte order mark at the begin: it is written, and taken away when it is read. The JDK has no such
 * charset.
 */
final class Utf8Sig extends Charset {
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    Utf8Sig() {
        super("x-UTF-8-SIG", new String[] {"UTF-8-SIG"});
    }

    @Override
    public boolean contains(Charset charset) {
        return charset instanceof Utf8Sig || UTF_8.contains(charset);
    }

    @Override
    public CharsetDecoder newDecoder() {
        return new Decoder(this);
    }

    @Override
    public CharsetEncoder newEncoder() {
        return new Encoder(this);
    }

    private static final class Decoder extends CharsetDecoder {
        private final CharsetDecoder text = UTF_8.newDecoder();
        private boolean begun = false;

        Decoder(Charset charset) {
            super(charset, text().averageCharsPerByte(), text().maxCharsPerByte());
        }

        private static CharsetDecoder text() {
            return UTF_8.newDecoder();
        }

        @Override
        protected void implReset() {
            begun = false;
            text.reset();
        }

        @Override
        protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
            if (!begun) {
                var mark = commonWithMark(in);
                if (mark < MARK.length && mark == in.remaining()) {
                    return CoderResult.UNDERFLOW;
                }
                begun = true;
                if (mark == MARK.length) {
                    in.position(in.position() + mark);
                }
            }
            return text.decode(in, out, false);
        }

        /** How many bytes of the mark come next. */
        private static int commonWithMark(ByteBuffer in) {
            int count = 0;
            while (count < MARK.length && count < in.remaining() && in.get(in.position() + count) == MARK[count]) {
                count++;
            }
            return count;
        }
    }

    private static final class Encoder extends CharsetEncoder {
        private final CharsetEncoder text = UTF_8.newEncoder();
        private boolean begun = false;

        Encoder(Charset charset) {
            super(charset, 2, MARK.length + UTF_8.newEncoder().maxBytesPerChar());
        }

        @Override
        protected void implReset() {
            begun = false;
            text.reset();
        }

        @Override
        protected CoderResult encodeLoop(CharBuffer in, ByteBuffer out) {
            if (!begun && in.hasRemaining()) {
                if (out.remaining() < MARK.length) {
                    return CoderResult.OVERFLOW;
                }
                begun = true;
                out.put(MARK);
            }
            return text.encode(in, out, false);
        }
    }
}
