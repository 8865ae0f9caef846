package dev.psat.spire.test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

import dev.psat.spire.test.proto.SPIFFEID;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

final class SpiffeIds {

	static final String MALFORMED = "path segment characters are limited to letters, numbers, dots, dashes, "
			+ "and underscores";

	private static final String SCHEME = "spiffe://";

	private static final Pattern TRUST_DOMAIN = Pattern.compile("[a-z0-9._-]+");

	private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]+");

	private SpiffeIds() {
	}

	static String of(String trustDomain, String path) {
		return SCHEME + trustDomain + path;
	}

	static String server(String trustDomain) {
		return of(trustDomain, "/spire/server");
	}

	/**
	 * Cleaned as by Go's {@code path.Join}: the result for a cluster such as {@code
	 * ../..} is not necessarily below {@code /spire/agent}, nor well-formed.
	 */
	static String agent(String trustDomain, String cluster, String suffix) {
		Deque<String> segments = new ArrayDeque<>();
		for (String segment : ("spire/agent/k8s_psat/" + cluster + "/" + suffix).split("/")) {
			if (segment.equals("..")) {
				segments.pollLast();
			}
			else if (!segment.isEmpty() && !segment.equals(".")) {
				segments.addLast(segment);
			}
		}
		return of(trustDomain, "/" + String.join("/", segments));
	}

	static boolean isOf(String trustDomain, String id) {
		return id.startsWith(of(trustDomain, "/")) && isWellFormed(id);
	}

	/** In the wording of {@code api/id.go}. */
	static @Nullable String findFaultOfWorkload(String trustDomain, String id) {
		if (!isWellFormed(id)) {
			return MALFORMED;
		}
		String root = of(trustDomain, "");
		if (!id.equals(root) && !id.startsWith(root + "/")) {
			return "\"" + id + "\" is not a member of trust domain \"" + trustDomain + "\"";
		}
		String notAWorkload = "\"" + id + "\" is not a workload in trust domain \"" + trustDomain + "\"; path is ";
		if (id.equals(root)) {
			return notAWorkload + "empty";
		}
		boolean reserved = (id + "/").startsWith(of(trustDomain, "/spire/"));
		return reserved ? notAWorkload + "in the reserved namespace" : null;
	}

	static boolean isWellFormed(String id) {
		if (!id.startsWith(SCHEME)) {
			return false;
		}
		for (String segment : id.substring(SCHEME.length()).split("/", -1)) {
			if (!SEGMENT.matcher(segment).matches() || segment.equals(".") || segment.equals("..")) {
				return false;
			}
		}
		return true;
	}

	/** Like {@code TrustDomainFromString} of go-spiffe and in its wording. */
	static String trustDomain(String idOrName) {
		Assert.isTrue(!idOrName.isEmpty(), "trust domain is missing");
		boolean id = idOrName.contains(":/");
		Assert.isTrue(!id || idOrName.startsWith(SCHEME), "scheme is missing or invalid");
		String name = id ? toMessage(idOrName).getTrustDomain() : idOrName;
		Assert.isTrue(!name.isEmpty(), "trust domain is missing");
		Assert.isTrue(TRUST_DOMAIN.matcher(name).matches(), "trust domain characters are limited to lowercase "
				+ "letters, numbers, dots, dashes, and underscores");
		Assert.isTrue(!id || isWellFormed(idOrName), MALFORMED);
		return name;
	}

	static SPIFFEID toMessage(String id) {
		String rest = id.startsWith(SCHEME) ? id.substring(SCHEME.length()) : id;
		int slash = rest.indexOf('/');
		int end = (slash != -1) ? slash : rest.length();
		return SPIFFEID.newBuilder().setTrustDomain(rest.substring(0, end)).setPath(rest.substring(end)).build();
	}

}
