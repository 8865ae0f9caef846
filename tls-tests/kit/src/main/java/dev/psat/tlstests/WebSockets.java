package dev.psat.tlstests;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;

/**
 * The WebSockets of an {@link EndApplication} on a servlet container.
 */
public final class WebSockets {

	private WebSockets() {
	}

	/**
	 * Add the WebSockets.
	 * @param container where to add them
	 * @param silents is told who listens
	 * @throws DeploymentException if that fails
	 */
	public static void add(ServerContainer container, Silents silents) throws DeploymentException {
		container.addEndpoint(ServerEndpointConfig.Builder.create(Ticker.class, "/socket").build());
		container.addEndpoint(ServerEndpointConfig.Builder.create(Listener.class, "/silent-socket")
			.configurator(new ServerEndpointConfig.Configurator() {

				@Override
				public <T> T getEndpointInstance(Class<T> type) {
					return type.cast(new Listener(silents));
				}

			})
			.build());
	}

	/**
	 * Speaks until it cannot.
	 */
	public static class Ticker extends Endpoint {

		@Override
		public void onOpen(Session session, EndpointConfig config) {
			ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
			pace.scheduleWithFixedDelay(() -> {
				try {
					session.getBasicRemote().sendText("tick");
				}
				catch (IOException | RuntimeException ex) {
					pace.shutdown();
				}
			}, 0, EndApplication.PACE.toMillis(), TimeUnit.MILLISECONDS);
		}

	}

	/**
	 * Says nothing.
	 */
	public static class Listener extends Endpoint {

		private final Silents silents;

		Listener(Silents silents) {
			this.silents = silents;
		}

		@Override
		public void onOpen(Session session, EndpointConfig config) {
			this.silents.opened(this);
		}

		@Override
		public void onClose(Session session, CloseReason reason) {
			this.silents.closed(this);
		}

	}

}
