package dev.psat.spire.tomcat;

import java.io.IOException;

import dev.psat.spire.tls.internal.OpenConnection;
import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.net.SSLSupport;

/**
 * Answers on a connection that is due so that the client uses another one for its next
 * request.
 */
final class TomcatRetirementValve extends ValveBase {

	private final TomcatRetirement retirement;

	TomcatRetirementValve(TomcatRetirement retirement) {
		super(true);
		this.retirement = retirement;
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		if (request.getConnector() == this.retirement.connector() && this.retirement.isAnyDue()) {
			retire(request, response);
		}
		getNext().invoke(request, response);
	}

	private void retire(Request request, Response response) {
		OpenConnection connection = (request.getAttribute(SSLSupport.SESSION_MGR) instanceof SSLSupport support)
				? this.retirement.find(support) : null;
		if (connection == null || !connection.isDue()) {
			return;
		}
		if ("HTTP/2.0".equals(request.getProtocol())) {
			this.retirement.sayGoodbye(connection);
		}
		// a WebSocket stays
		else if (request.getHeader("Upgrade") == null) {
			response.setHeader("Connection", "close");
		}
	}

}
