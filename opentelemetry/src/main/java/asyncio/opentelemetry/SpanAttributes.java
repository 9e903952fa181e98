package asyncio.opentelemetry;

import asyncio.http.ClientResponse;
import asyncio.http.OutgoingRequest;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.net.URI;
import java.util.Set;

/** What the semantic conventions for HTTP clients say of a request. */
final class SpanAttributes {
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> METHOD_ORIGINAL = AttributeKey.stringKey("http.request.method_original");
    private static final AttributeKey<Long> RESEND_COUNT = AttributeKey.longKey("http.request.resend_count");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
    private static final AttributeKey<String> URL = AttributeKey.stringKey("url.full");
    private static final AttributeKey<String> VERSION = AttributeKey.stringKey("network.protocol.version");

    /** RFC 9110 and RFC 5789; other ones could be without number. */
    private static final Set<String> METHODS =
            Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");

    private final OutgoingRequest request;
    private final Set<String> secretParameters;

    SpanAttributes(OutgoingRequest request, Set<String> secretParameters) {
        this.request = request;
        this.secretParameters = secretParameters;
    }

    static String methodName(OutgoingRequest request) {
        return METHODS.contains(request.method()) ? request.method() : "HTTP";
    }

    Attributes ofRequest() {
        var attributes = Attributes.builder();
        var method = request.method();
        if (METHODS.contains(method)) {
            attributes.put(METHOD, method);
        } else {
            attributes.put(METHOD, "_OTHER").put(METHOD_ORIGINAL, method);
        }
        var url = URI.create(request.url().replaceFirst("\\?.*", ""));
        var authority = url.getRawAuthority();
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        var host = hasPort ? authority.substring(0, colon) : authority;
        attributes.put(ADDRESS, host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        long standard = url.getScheme().equals("https") ? 443 : 80;
        attributes.put(PORT, hasPort ? Long.parseLong(authority.substring(colon + 1)) : standard);
        attributes.put(URL, shown(request.url()));
        if (request.resendCount() > 0) {
            attributes.put(RESEND_COUNT, (long) request.resendCount());
        }
        return attributes.build();
    }

    private String shown(String url) {
        int question = url.indexOf('?');
        if (question < 0) {
            return url;
        }
        var shown = new StringBuilder(url.substring(0, question));
        char separator = '?';
        for (var parameter : url.substring(question + 1).split("&", -1)) {
            int equals = parameter.indexOf('=');
            boolean isSecret = equals > 0 && secretParameters.contains(parameter.substring(0, equals));
            shown.append(separator).append(isSecret ? parameter.substring(0, equals) + "=REDACTED" : parameter);
            separator = '&';
        }
        return shown.toString();
    }

    static Attributes ofResponse(ClientResponse response) {
        var attributes = Attributes.builder().put(STATUS, (long) response.status());
        var version = response.version();
        if (version.startsWith("HTTP/")) {
            attributes.put(VERSION, version.substring("HTTP/".length()).replaceFirst("^([23])\\.0$", "$1"));
        }
        if (response.status() >= 400) {
            attributes.put(ERROR_TYPE, String.valueOf(response.status()));
        }
        return attributes.build();
    }

    static Attributes ofFailure(Throwable error) {
        return Attributes.of(ERROR_TYPE, error.getClass().getName());
    }
}
