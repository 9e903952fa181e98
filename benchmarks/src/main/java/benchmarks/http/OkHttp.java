package benchmarks.http;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** OkHttp with callbacks, which run on the threads of its dispatcher: one for each call that is under way. */
public class OkHttp extends HttpWork {
    private static final MediaType JSON = MediaType.get("application/json");

    private OkHttpClient client;
    private Request request;

    @Override
    protected void open() {
        var dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(POOL);
        dispatcher.setMaxRequestsPerHost(POOL);
        var builder = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(POOL, 5, TimeUnit.MINUTES))
                .protocols(errand.http2() ? List.of(Protocol.HTTP_2, Protocol.HTTP_1_1) : List.of(Protocol.HTTP_1_1));
        if (errand.tls()) {
            builder.sslSocketFactory(TrustAll.context().getSocketFactory(), TrustAll.MANAGER)
                    .hostnameVerifier((host, session) -> true);
        }
        client = builder.build();
        var request = new Request.Builder().url(errand.url());
        this.request = (errand.body == null ? request : request.post(RequestBody.create(errand.body))).build();
    }

    @Override
    protected void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    @Override
    protected void run(int clients, int requestsOfEach) throws InterruptedException {
        var end = new CountDownLatch(clients);
        for (int i = 0; i < clients; i++) {
            new Client(requestsOfEach, end).next();
        }
        end.await();
    }

    private Request request() {
        if (errand != Errand.POST_JSON) {
            return request;
        }
        return request.newBuilder()
                .post(RequestBody.create(Catalogue.EXAMPLE.toJson(), JSON))
                .build();
    }

    private final class Client implements Callback {
        private final CountDownLatch end;
        private int left;

        Client(int requests, CountDownLatch end) {
            left = requests;
            this.end = end;
        }

        void next() {
            if (left-- > 0) {
                client.newCall(request()).enqueue(this);
            } else {
                end.countDown();
            }
        }

        @Override
        public void onResponse(Call call, Response response) {
            try (var body = response.body()) {
                var answer = body.bytes();
                errand.check(answer.length);
                if (errand == Errand.GET_JSON) {
                    Catalogue.MAPPER.readValue(answer, Catalogue.class).check();
                }
            } catch (IOException | RuntimeException e) {
                VertxHttp.failed(e);
            }
            next();
        }

        @Override
        public void onFailure(Call call, IOException failure) {
            VertxHttp.failed(failure);
        }
    }
}
