package dev.psat.docs;

import java.util.Set;
import java.util.TreeSet;

import tools.jackson.databind.JsonNode;

/**
 * Says what a document is made of.
 */
final class Json {

	private Json() {
	}

	/**
	 * Return the paths of all members, of those in arrays once.
	 */
	static Set<String> members(JsonNode node) {
		Set<String> members = new TreeSet<>();
		collect("", node, members);
		return members;
	}

	private static void collect(String path, JsonNode node, Set<String> members) {
		node.properties().forEach((member) -> {
			members.add(path + "/" + member.getKey());
			collect(path + "/" + member.getKey(), member.getValue(), members);
		});
		if (node.isArray()) {
			node.forEach((element) -> collect(path + "[]", element, members));
		}
	}

}
