package dev.psat.spire.oauth2;

import org.springframework.http.HttpHeaders;
import org.springframework.util.MultiValueMap;

/**
 * {@link EchoedAssertionContract} for {@link TokenEndpoint}.
 */
class EchoedAssertionTests extends EchoedAssertionContract {

	private final TokenEndpoint endpoint = new TokenEndpoint();

	@Override
	void ask(String uri, MultiValueMap<String, String> form) {
		this.endpoint.ask(uri, new HttpHeaders(), form);
	}

}
