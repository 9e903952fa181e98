package asyncio.spi;

import asyncio.AsyncIterable;
import asyncio.http.ContentDisposition;
import asyncio.http.FormData;
import asyncio.http.JsonCodec;
import asyncio.http.MultipartLimits;
import asyncio.http.MultipartReader;
import asyncio.http.MultipartWriter;
import asyncio.http.Payload;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands behind the factories of bodies in {@link asyncio.http}; the sizes there are -1 where not known. */
public interface HttpBodies {

    /** {@link Payload#ofBytes(byte[])}. */
    Payload bytes(byte[] bytes);

    /** {@link Payload#ofText(String, Charset)}. */
    Payload text(String text, Charset charset);

    /** {@link Payload#ofForm(Collection)}. */
    Payload form(Collection<? extends Map.Entry<String, String>> fields, Charset charset);

    /** {@link Payload#ofFile}. */
    Payload file(Path file);

    /** {@link Payload#ofInputStream(InputStream, long)}. */
    Payload inputStream(InputStream stream, long size);

    /** {@link Payload#ofStream(AsyncIterable, long)}. */
    Payload stream(AsyncIterable<byte[]> chunks, long size);

    /** {@link Payload#withContentType} and {@link Payload#withFilename}. */
    Payload described(
            Payload payload, @Nullable String contentType, @Nullable String filename, Map<String, String> headers);

    /** {@link Payload#withHeader}. */
    Payload withHeader(Payload payload, String name, String value);

    /** {@link JsonCodec#standard()}. */
    JsonCodec json();

    /** {@link FormData#create}. */
    FormData formData();

    /** {@link MultipartWriter#create(String, String)}; null for a boundary that nobody can guess. */
    MultipartWriter multipartWriter(String subtype, @Nullable String boundary);

    /** {@link MultipartReader#of(String, AsyncIterable, MultipartLimits)}. */
    MultipartReader multipartReader(String contentType, AsyncIterable<byte[]> portions, MultipartLimits limits);

    /** {@link ContentDisposition#parse}. */
    @Nullable
    ContentDisposition contentDisposition(String header);

    /** {@link ContentDisposition#safeFilename}. */
    @Nullable
    String safeFilename(String filename);
}
