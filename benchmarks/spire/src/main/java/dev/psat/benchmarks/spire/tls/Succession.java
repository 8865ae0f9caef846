package dev.psat.benchmarks.spire.tls;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.springframework.util.Assert;

/**
 * Which certificates a server had when, in the order of their publication, so that a
 * handshake can be judged.
 */
final class Succession {

	private final List<Publication> publications;

	private final Map<BigInteger, Integer> positions = new HashMap<>();

	Succession(List<Publication> publications) {
		this.publications = List.copyOf(publications);
		for (Publication publication : this.publications) {
			this.positions.putIfAbsent(publication.serialNumber(), this.positions.size());
		}
		Assert.isTrue(this.positions.size() == publications.size(), "A certificate was published twice");
	}

	/**
	 * Count handshakes that have begun after a publication and still shown an earlier
	 * certificate. One that has begun before may show either.
	 * @param probes the handshakes
	 * @return how many there are
	 */
	long stale(List<Probe> probes) {
		return probes.stream().filter((probe) -> position(probe) < due(probe)).count();
	}

	/**
	 * Tell for each publication but the first how long later the last handshake began
	 * that showed an earlier certificate.
	 * @param probes the handshakes
	 * @return nanoseconds each, 0 if there was no such handshake
	 */
	List<Long> lags(List<Probe> probes) {
		List<Long> lags = new ArrayList<>();
		for (int i = 1; i < this.publications.size(); i++) {
			int published = i;
			long at = this.publications.get(published).at();
			lags.add(probes.stream()
				.filter((probe) -> position(probe) < published)
				.mapToLong((probe) -> Math.max(0, probe.begun() - at))
				.max()
				.orElse(0));
		}
		return lags;
	}

	private int position(Probe probe) {
		Integer position = this.positions.get(probe.serialNumber());
		Assert.state(position != null, () -> "Nobody has published " + probe.serialNumber());
		return position;
	}

	private int due(Probe probe) {
		int due = 0;
		while (due + 1 < this.publications.size() && this.publications.get(due + 1).at() <= probe.begun()) {
			due++;
		}
		return due;
	}

}
