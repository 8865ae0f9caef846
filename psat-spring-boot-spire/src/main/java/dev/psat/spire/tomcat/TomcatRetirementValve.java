package dev.psat.spire.tomcat;

import java.io.IOException;

import dev.psat.spire.tls.internal.OpenConnection;
import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.net.SSLSupport;
import org.jspecify.annotations.Nullable;

/**
 * Answers on a connection that is due so that the client uses another one for its next
 * request, and lets no request begin whose connection has ended: over HTTP/2, it may have
 * waited for its turn, and over HTTP/1.1, it may have been sent with an earlier one.
 */
final class TomcatRetirementValve extends ValveBase {

	private final TomcatRetirement retirement;

	TomcatRetirementValve(TomcatRetirement retirement) {
		super(true);
		this.retirement = retirement;
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		OpenConnection connection = find(request);
		if (connection != null) {
			switch (connection.standing()) {
				case ENDED -> {
					// what has begun may finish
					if (!request.isAsyncDispatching()) {
						// nobody will see it but the log
						response.setStatus(Response.SC_FORBIDDEN);
						return;
					}
				}
				case DUE -> retire(connection, request, response);
				case GOOD -> {
				}
			}
		}
		getNext().invoke(request, response);
	}

	private void retire(OpenConnection connection, Request request, Response response) {
		if ("HTTP/2.0".equals(request.getProtocol())) {
			this.retirement.sayGoodbye(connection);
		}
		// a WebSocket stays
		else if (request.getHeader("Upgrade") == null) {
			response.setHeader("Connection", "close");
		}
	}

	private @Nullable OpenConnection find(Request request) {
		return (request.getConnector() == this.retirement.connector()
				&& request.getAttribute(SSLSupport.SESSION_MGR) instanceof SSLSupport support)
						? this.retirement.find(support) : null;
	}

}
