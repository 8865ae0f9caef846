package dev.psat.spire.actuate.endpoint;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.BeanFactory;

/**
 * What the endpoints {@code spire} and {@code spirepeers} show.
 */
public final class ShownIdentity {

	private ShownIdentity() {
	}

	/**
	 * Ask the endpoint of an application.
	 */
	public static JsonNode of(BeanFactory context) {
		return JsonMapper.shared().valueToTree(context.getBean(SpireEndpoint.class).spire());
	}

	public static JsonNode peers(BeanFactory context) {
		return JsonMapper.shared().valueToTree(context.getBean(SpirePeersEndpoint.class).peers());
	}

}
