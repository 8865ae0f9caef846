package dev.psat.spire.grpc;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import javax.net.ssl.SSLSession;

import dev.psat.spire.netty.internal.NettyConnections;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.internal.OpenConnection;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.internal.ThreadExecutorMap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.Ordered;
import org.springframework.grpc.server.ServerBuilderCustomizer;

/**
 * gRPC does not show its channels, but calls filters on the event loop of the one that
 * was just secured, which knows them. They are looked for when one has to be closed or
 * replaced, all of a loop at a time.
 */
final class GrpcServerConnections extends ServerTransportFilter {

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	private final NettyConnections connections;

	private final Map<SingleThreadEventLoop, Search> searches = new ConcurrentHashMap<>();

	private final AtomicBoolean warned = new AtomicBoolean();

	GrpcServerConnections(NettyConnections connections) {
		this.connections = connections;
	}

	@Override
	public Attributes transportReady(Attributes attributes) {
		SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
		if (session != null) {
			Search search = search();
			if (search != null) {
				this.connections.follow(session, search::begin);
			}
			else if (this.warned.compareAndSet(false, true)) {
				logger.warn("The gRPC server has event loops that do not show their channels. When one of its "
						+ "connections has to end, nothing passes any more, but the client does not notice before its "
						+ "deadline");
			}
		}
		return attributes;
	}

	@Override
	public void transportTerminated(Attributes attributes) {
		SSLSession session = (attributes != null) ? attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION) : null;
		OpenConnection connection = (session != null) ? this.connections.find(session) : null;
		if (connection != null) {
			// the engine does not learn of a client that leaves silently
			connection.closed();
		}
	}

	private @Nullable Search search() {
		try {
			if (ThreadExecutorMap.currentExecutor() instanceof SingleThreadEventLoop loop) {
				Search search = this.searches.get(loop);
				if (search == null) {
					loop.registeredChannelsIterator();
					search = new Search(loop);
					this.searches.put(loop, search);
				}
				return search;
			}
			return null;
		}
		// depends on the kind of event loop and on the version of Netty
		catch (UnsupportedOperationException | LinkageError ex) {
			return null;
		}
	}

	private static final class Search {

		private final SingleThreadEventLoop loop;

		private final Queue<Sought> sought = new ConcurrentLinkedQueue<>();

		Search(SingleThreadEventLoop loop) {
			this.loop = loop;
		}

		void begin(WeakReference<SSLSession> session, Consumer<Channel> task) {
			this.sought.add(new Sought(session, task));
			this.loop.execute(this::find);
		}

		private void find() {
			Map<SSLSession, List<Consumer<Channel>>> tasks = new IdentityHashMap<>();
			for (Sought next = this.sought.poll(); next != null; next = this.sought.poll()) {
				SSLSession session = next.session().get();
				if (session != null) {
					tasks.computeIfAbsent(session, (added) -> new ArrayList<>()).add(next.task());
				}
			}
			if (tasks.isEmpty()) {
				return;
			}
			Map<Channel, List<Consumer<Channel>>> found = new IdentityHashMap<>();
			for (Iterator<Channel> channels = this.loop.registeredChannelsIterator(); channels.hasNext();) {
				Channel channel = channels.next();
				SslHandler handler = channel.pipeline().get(SslHandler.class);
				List<Consumer<Channel>> those = (handler != null) ? tasks.get(handler.engine().getSession()) : null;
				if (those != null) {
					found.put(channel, those);
				}
			}
			// not while they are iterated, which closing one may end
			found.forEach((channel, those) -> those.forEach((task) -> task.accept(channel)));
		}

	}

	private record Sought(WeakReference<SSLSession> session, Consumer<Channel> task) {

	}

	/** Adds to what the application has configured, and replaces nothing. */
	static final class Customizer implements ServerBuilderCustomizer<NettyServerBuilder>, Ordered {

		private final GrpcServerProperties properties;

		private final SslBundles bundles;

		Customizer(GrpcServerProperties properties, SslBundles bundles) {
			this.properties = properties;
			this.bundles = bundles;
		}

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

		@Override
		public void customize(NettyServerBuilder builder) {
			SpiffeSslBundle bundle = GrpcServerBundleCustomizer.bundle(this.properties.getSsl(), this.bundles);
			if (bundle != null) {
				builder.addTransportFilter(new GrpcServerConnections(new NettyConnections(bundle)));
			}
		}

	}

}
