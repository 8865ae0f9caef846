package dev.psat.tlstests.tomcat.storm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Something that has to take effect soon while nothing else is wrong. In a storm, what a
 * member knows is all that there is to go by.
 *
 * @param name what it is
 * @param begin lets it begin
 * @param effective whether it has taken effect
 * @param end ends it
 */
record Drill(String name, Runnable begin, BooleanSupplier effective, Runnable end) {

	/**
	 * Return all drills: trust that ends, of every member in the other trust domain and
	 * in an authority of each.
	 */
	static List<Drill> of(World world) {
		List<Drill> drills = new ArrayList<>();
		for (Member member : world.members()) {
			Registration registration = member.registration();
			drills.add(new Drill("The end of the federation of " + member, registration::separate,
					() -> !member.trusts(world.partnerOf(member.realm())), registration::restore));
		}
		world.members()
			.stream()
			.map(Member::realm)
			.distinct()
			.forEach((realm) -> drills.add(new Drill("The revocation of an authority of " + realm, () -> {
				realm.rotate();
				realm.retire();
			}, () -> world.members().stream().allMatch((member) -> Health.has(member, realm)), () -> {
			})));
		return drills;
	}

}
