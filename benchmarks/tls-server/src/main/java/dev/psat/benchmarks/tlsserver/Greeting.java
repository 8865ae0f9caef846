package dev.psat.benchmarks.tlsserver;

import java.security.cert.X509Certificate;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.util.Assert;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers over connections that are kept, and over connections that it closes with the
 * answer: the serial number of the certificate that the client has shown.
 */
@RestController
class Greeting {

	@GetMapping("/kept")
	String kept() {
		return "hello";
	}

	private static ResponseEntity<String> farewell(X509Certificate[] client) {
		return ResponseEntity.ok().header(HttpHeaders.CONNECTION, "close").body(client[0].getSerialNumber().toString());
	}

	@RestController
	@ConditionalOnWebApplication(type = Type.SERVLET)
	static class OnServlets {

		@GetMapping("/once")
		ResponseEntity<String> once(
				@RequestAttribute("jakarta.servlet.request.X509Certificate") X509Certificate[] client) {
			return farewell(client);
		}

	}

	@RestController
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	static class OnReactor {

		@GetMapping("/once")
		ResponseEntity<String> once(ServerHttpRequest request) {
			SslInfo ssl = request.getSslInfo();
			X509Certificate[] client = (ssl != null) ? ssl.getPeerCertificates() : null;
			Assert.state(client != null, "The client has shown no certificate");
			return farewell(client);
		}

	}

}
