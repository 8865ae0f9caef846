package dev.psat.shop;

import dev.psat.shop.inventory.InventoryApplication;

import org.springframework.boot.SpringApplication;

/**
 * The JVM of the inventory.
 */
final class InventoryPod {

	private InventoryPod() {
	}

	public static void main(String[] args) {
		Survival.prevent();
		SpringApplication.from(InventoryApplication::main).with(PodConfiguration.class).run(args);
	}

}
