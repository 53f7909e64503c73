package io.tcplab.zoo;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** Clients of the JDK and of Apache, used well and badly. Arguments: the behaviour and a URL. */
final class JavaClient {
    private static final int POOL = 8;
    /** More than the pool has connections. */
    private static final int MANY = 12;
    /** What leaks with each request needs no more. */
    private static final int FEW = 2;

    private static final int PAUSE_MILLIS = 100;

    /** What isn't closed mustn't be closed by the garbage collector either. */
    private static final List<Object> KEPT = new ArrayList<>();

    private JavaClient() {}

    /** What a program does for each request. */
    @FunctionalInterface
    private interface Asking {
        void ask() throws IOException, InterruptedException;
    }

    public static void main(String[] arguments) throws Exception {
        URI uri = URI.create(arguments[1]);
        switch (arguments[0]) {
            case "jdk" -> forEver(MANY, jdk(uri));
            case "jdk_body_left_open" -> forEver(FEW, jdkBodyLeftOpen(uri));
            case "jdk_client_per_request" -> forEver(FEW, () -> jdk(uri).ask());
            case "apache" -> forEver(MANY, apache(uri));
            case "apache_response_left_open" -> forEver(MANY, apacheResponseLeftOpen(uri));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static Asking jdk(URI uri) {
        HttpClient client = client();
        return () -> client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    /** The connection waits until somebody reads the answer. */
    private static Asking jdkBodyLeftOpen(URI uri) {
        HttpClient client = client();
        return () -> {
            InputStream body = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream())
                    .body();
            keep(body);
        };
    }

    private static HttpClient client() {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        keep(client);
        return client;
    }

    private static Asking apache(URI uri) {
        CloseableHttpClient client = pooled();
        return () -> client.execute(new HttpGet(uri), response -> EntityUtils.toByteArray(response.getEntity()));
    }

    /** As an error path does that throws before it has closed the response: the connection is never given back. */
    @SuppressWarnings("deprecation") // the way of all programs that were written for its fourth version
    private static Asking apacheResponseLeftOpen(URI uri) {
        CloseableHttpClient client = pooled();
        return () -> keep(client.execute(new HttpGet(uri)));
    }

    private static CloseableHttpClient pooled() {
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(POOL)
                        .setMaxConnPerRoute(POOL)
                        .build())
                .build();
    }

    private static void keep(Object resource) {
        synchronized (KEPT) {
            KEPT.add(resource);
        }
    }

    private static void forEver(int threads, Asking asking) {
        for (int i = 0; i < threads; i++) {
            Thread.ofPlatform().start(() -> {
                try {
                    while (true) {
                        asking.ask();
                        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                    }
                } catch (IOException | InterruptedException e) {
                    System.out.println(e);
                }
            });
        }
    }
}
