package io.tcplab.serve;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.tcplab.experiments.UsageException;
import io.tcplab.transport.http.Place;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Answers one request of a connection. */
@SuppressWarnings("FutureReturnValueIgnored") // a browser that has gone needs no answer
final class PageHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Map<String, HttpMethod> ACTIONS = Map.of("/start", HttpMethod.POST, "/stop", HttpMethod.POST);

    private final Gate gate;
    private final Place place;
    private final Page page;
    private final Executor workers;
    private boolean asked;

    /**
     * For one connection.
     *
     * @param place which those who have the token keep
     * @param workers carry out what may wait
     */
    PageHandler(Gate gate, Place place, Page page, Executor workers) {
        this.gate = gate;
        this.place = place;
        this.page = page;
        this.workers = workers;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (asked) {
            context.close(); // nothing but an end is expected of one that listens or waits
            return;
        }
        asked = true;
        if (!request.decoderResult().isSuccess()) {
            Answers.send(context, Answers.text(HttpResponseStatus.BAD_REQUEST, "not an HTTP request of this page"));
            return;
        }
        gate.refusal(request)
                .ifPresentOrElse(
                        why -> Answers.send(context, Answers.text(HttpResponseStatus.FORBIDDEN, why)),
                        () -> letIn(context, request));
    }

    private void letIn(ChannelHandlerContext context, FullHttpRequest request) {
        if (place.letIn()) {
            answer(context, request);
        } else {
            Answers.send(
                    context,
                    Answers.text(
                            HttpResponseStatus.SERVICE_UNAVAILABLE,
                            "too many connections are open; close another window of this page"));
        }
    }

    private void answer(ChannelHandlerContext context, FullHttpRequest request) {
        String path = new QueryStringDecoder(request.uri()).path();
        HttpMethod expected = ACTIONS.getOrDefault(path, HttpMethod.GET);
        if (!request.method().equals(expected)) {
            FullHttpResponse response =
                    Answers.text(HttpResponseStatus.METHOD_NOT_ALLOWED, path + " takes " + expected);
            response.headers().set(HttpHeaderNames.ALLOW, expected.name());
            Answers.send(context, response);
            return;
        }
        switch (path) {
            case "/events" -> events(context);
            case "/catalogue" -> later(context, page::catalogue);
            case "/start" -> start(context, request);
            case "/stop" -> later(context, () -> done(page::stop));
            default -> file(context, request, path);
        }
    }

    private void start(ChannelHandlerContext context, FullHttpRequest request) {
        CharSequence type = HttpUtil.getMimeType(request);
        if (type == null || !HttpHeaderValues.APPLICATION_JSON.contentEqualsIgnoreCase(type)) {
            Answers.send(
                    context, Answers.text(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "/start takes application/json"));
            return;
        }
        String json = request.content().toString(StandardCharsets.UTF_8);
        later(context, () -> done(() -> page.start(json)));
    }

    private static byte[] done(Runnable action) {
        action.run();
        return LiveJson.bytes(Map.of("ok", true));
    }

    private void later(ChannelHandlerContext context, Supplier<byte[]> answer) {
        workers.execute(() -> Answers.send(context, outcome(answer)));
    }

    private static FullHttpResponse outcome(Supplier<byte[]> answer) {
        try {
            return Answers.json(HttpResponseStatus.OK, answer.get());
        } catch (UsageException e) {
            return error(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return error(HttpResponseStatus.INTERNAL_SERVER_ERROR, "internal error: " + e);
        }
    }

    private static FullHttpResponse error(HttpResponseStatus status, String message) {
        return Answers.json(status, LiveJson.bytes(Map.of("error", message)));
    }

    private void file(ChannelHandlerContext context, FullHttpRequest request, String path) {
        FullHttpResponse response = Assets.at(path)
                .map(asset -> Answers.of(HttpResponseStatus.OK, asset.type(), asset.bytes()))
                .orElseGet(() -> Answers.text(HttpResponseStatus.NOT_FOUND, "no such file"));
        if (gate.hasTokenInUrl(request)) {
            response.headers().set(HttpHeaderNames.SET_COOKIE, gate.cookie());
        }
        Answers.send(context, response);
    }

    private void events(ChannelHandlerContext context) {
        place.stay();
        DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        Answers.secure(head.headers(), Answers.EVENTS);
        // The end of the connection is the end of the events.
        context.write(head);
        context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(page.history())))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        Subscriber subscriber = new Subscriber(context.channel());
        context.pipeline().addLast(subscriber);
        context.channel().closeFuture().addListener(closed -> page.leave(subscriber));
        page.join(subscriber);
    }

    /** A browser that goes away is nothing to report. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
