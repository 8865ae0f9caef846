package dev.psat.tlstests;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

import dev.psat.support.AnyCertificate;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * {@link EndingServer} for HTTP/1.1, or for HTTP/2 and with it gRPC, which requires a
 * certificate from any authority, and whose connections each have a context of their own.
 */
public final class EndingPeer implements EndingServer {

	private static final String ANSWER = "hello";

	private static final String GRPC = "application/grpc";

	private static final int LONGEST_BODY = 1 << 16;

	/** Clients of Jetty open one at a time where a server does not say how many. */
	private static final int STREAMS = 100;

	private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

	private final Queue<PeerConnection> connections = new ConcurrentLinkedQueue<>();

	private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

	private final TlsVersion version;

	private final String protocol;

	private final Channel listener;

	private volatile Credential credential;

	/**
	 * Start a server.
	 * @param credential the credential that it presents
	 * @param version its only TLS version
	 * @param http2 whether it speaks HTTP/2 alone, instead of HTTP/1.1
	 */
	public EndingPeer(Credential credential, TlsVersion version, boolean http2) {
		this.credential = credential;
		this.version = version;
		this.protocol = http2 ? ApplicationProtocolNames.HTTP_2 : ApplicationProtocolNames.HTTP_1_1;
		this.listener = new ServerBootstrap().group(this.threads)
			.channel(NioServerSocketChannel.class)
			.childHandler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel channel) {
					accept(channel);
				}

			})
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.syncUninterruptibly()
			.channel();
	}

	private void accept(Channel channel) {
		Credential presented = this.credential;
		SSLEngine engine = presented.sslContext(new AnyCertificate()).createSSLEngine();
		engine.setUseClientMode(false);
		engine.setNeedClientAuth(true);
		engine.setEnabledProtocols(new String[] { this.version.protocol() });
		engine.setHandshakeApplicationProtocolSelector(
				(ignored, offered) -> offered.contains(this.protocol) ? this.protocol : "");
		SslHandler tls = new SslHandler(engine);
		channel.pipeline().addLast(tls, new Begin(presented, tls));
	}

	/**
	 * Waits for the end of the handshake. Not all clients negotiate HTTP/1.1.
	 */
	private final class Begin extends ChannelInboundHandlerAdapter {

		private final Credential presented;

		private final SslHandler tls;

		private Begin(Credential presented, SslHandler tls) {
			this.presented = presented;
			this.tls = tls;
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
			if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
				String negotiated = this.tls.engine().getApplicationProtocol();
				boolean http2 = EndingPeer.this.protocol.equals(ApplicationProtocolNames.HTTP_2);
				if (http2 && !EndingPeer.this.protocol.equals(negotiated)) {
					context.close();
				}
				else {
					begin(context, http2);
				}
			}
		}

		private void begin(ChannelHandlerContext context, boolean http2) throws SSLPeerUnverifiedException {
			X509Certificate client = (X509Certificate) this.tls.engine().getSession().getPeerCertificates()[0];
			PeerConnection connection = new PeerConnection(context.channel(), client,
					new Shown(this.presented.leaf().getSerialNumber(), client.getSerialNumber()));
			EndingPeer.this.connections.add(connection);
			context.pipeline().addLast(new Count(connection));
			if (http2) {
				context.pipeline()
					.addLast(Http2FrameCodecBuilder.forServer()
						.initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(STREAMS))
						.build(), new Http2MultiplexHandler(new ChannelInitializer<>() {

							@Override
							protected void initChannel(Channel stream) {
								stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
								answer(stream, connection);
							}

						}));
			}
			else {
				context.pipeline().addLast(new HttpServerCodec());
				answer(context.channel(), connection);
			}
		}

		private void answer(Channel channel, PeerConnection connection) {
			channel.pipeline().addLast(new HttpObjectAggregator(LONGEST_BODY), new Answer(connection));
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

	private static final class Count extends ChannelInboundHandlerAdapter {

		private final PeerConnection connection;

		private Count(PeerConnection connection) {
			this.connection = connection;
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (message instanceof ByteBuf bytes) {
				this.connection.bytes.addAndGet(bytes.readableBytes());
			}
			context.fireChannelRead(message);
		}

	}

	private final class Answer extends SimpleChannelInboundHandler<FullHttpRequest> {

		private final PeerConnection connection;

		private Answer(PeerConnection connection) {
			this.connection = connection;
		}

		@Override
		protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
			this.connection.requests.incrementAndGet();
			boolean last = request.uri().startsWith("/closing");
			String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
			FullHttpResponse answer = type.startsWith(GRPC) ? grpcAnswer() : httpAnswer(last);
			if (request.uri().startsWith("/held")) {
				EndingPeer.this.held.add(() -> answer(context, answer, false));
			}
			else {
				answer(context, answer, last);
			}
		}

		private static FullHttpResponse httpAnswer(boolean last) {
			FullHttpResponse answer = answer("text/plain", Unpooled.copiedBuffer(ANSWER, StandardCharsets.US_ASCII));
			answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, ANSWER.length());
			if (last) {
				answer.headers().set(HttpHeaderNames.CONNECTION, "close");
			}
			return answer;
		}

		/**
		 * A message that is not compressed, and its length in four bytes before it.
		 */
		private static FullHttpResponse grpcAnswer() {
			ByteBuf message = Unpooled.buffer().writeByte(0).writeInt(ANSWER.length());
			message.writeCharSequence(ANSWER, StandardCharsets.US_ASCII);
			FullHttpResponse answer = answer(GRPC, message);
			answer.trailingHeaders().set("grpc-status", "0");
			return answer;
		}

		private static FullHttpResponse answer(String type, ByteBuf body) {
			FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
			answer.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
			return answer;
		}

		private void answer(ChannelHandlerContext context, FullHttpResponse answer, boolean last) {
			context.writeAndFlush(answer).addListener((ignored) -> {
				if (last) {
					context.channel().close();
				}
			});
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

	@Override
	public URI uri() {
		return URI
			.create("https://localhost:%d/".formatted(((InetSocketAddress) this.listener.localAddress()).getPort()));
	}

	@Override
	public List<X509Certificate> clients() {
		return this.connections.stream().map(PeerConnection::client).toList();
	}

	@Override
	public int connections() {
		return this.connections.size();
	}

	@Override
	public int requests() {
		return requests((shown) -> true);
	}

	@Override
	public int requests(Predicate<Shown> which) {
		return this.connections.stream()
			.filter((connection) -> which.test(connection.shown))
			.mapToInt((connection) -> connection.requests.get())
			.sum();
	}

	/**
	 * Each thread first reads what has arrived: once it has run a task, and only then
	 * looks for something to read before it runs the next one.
	 */
	@Override
	public long bytes() {
		for (int i = 0; i < 2; i++) {
			this.connections.forEach((connection) -> connection.channel.eventLoop().submit(() -> {
			}).syncUninterruptibly());
		}
		return this.connections.stream().mapToLong((connection) -> connection.bytes.get()).sum();
	}

	@Override
	public int held() {
		return this.held.size();
	}

	@Override
	public void release() {
		List<Runnable> answers = new ArrayList<>();
		for (Runnable answer = this.held.poll(); answer != null; answer = this.held.poll()) {
			answers.add(answer);
		}
		answers.forEach(Runnable::run);
	}

	/**
	 * Answer the request that has been held longest.
	 */
	public void releaseOne() {
		Runnable answer = this.held.poll();
		if (answer != null) {
			answer.run();
		}
	}

	@Override
	public void renew(Credential credential) {
		this.credential = credential;
	}

	@Override
	public void reset(Predicate<Shown> which) {
		this.connections.stream().filter((connection) -> which.test(connection.shown)).forEach(PeerConnection::reset);
	}

	/**
	 * Tell clients over HTTP/2 to open no further streams, and serve those that they open
	 * before they know.
	 */
	public void goAway() {
		this.connections.forEach((connection) -> connection.channel
			.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(STREAMS))
			.syncUninterruptibly());
	}

	/**
	 * Return how many connections are open.
	 * @return how many are
	 */
	public int open() {
		return (int) this.connections.stream().filter((connection) -> connection.channel.isActive()).count();
	}

	@Override
	public void close() {
		this.threads.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
	}

	private record PeerConnection(Channel channel, X509Certificate client, Shown shown, AtomicInteger requests,
			AtomicLong bytes) {

		PeerConnection(Channel channel, X509Certificate client, Shown shown) {
			this(channel, client, shown, new AtomicInteger(), new AtomicLong());
		}

		/**
		 * Without a word of TLS, whose end might have to wait.
		 */
		void reset() {
			this.channel.eventLoop().execute(() -> {
				if (this.channel.isActive()) {
					this.channel.config().setOption(ChannelOption.SO_LINGER, 0);
					this.channel.unsafe().close(this.channel.voidPromise());
				}
			});
		}

	}

}
