//! `Description`: a board's `board.toml`, decoded.
//!
//! The same file lays out the firmware; that is what makes the virtual board the board.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

const VK_RA6M5: &str = include_str!("../../../boards/vk-ra6m5/board.toml");

/// What a board is made of.
#[derive(Debug, Clone, Deserialize)]
pub struct Description {
    /// Names and numbers.
    pub board: Names,
    /// The serial console.
    pub console: ConsoleDescription,
    /// Memory for the heap, in order of preference.
    #[serde(rename = "region")]
    pub regions: Vec<Region>,
    /// The flash device for files.
    pub flash: FlashDescription,
    /// The network interface.
    pub network: NetworkDescription,
    /// What the firmware may use.
    pub budget: Budget,
}

/// What the board and its chip are called.
#[derive(Debug, Clone, Deserialize)]
pub struct Names {
    /// The board, as in the banner.
    pub name: String,
    /// `sys.platform`.
    pub platform: String,
    /// The chip, as in the banner.
    pub mcu: String,
    /// CPU frequency in hertz.
    pub frequency: u32,
}

/// The serial console.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct ConsoleDescription {
    /// Bytes that the receive buffer holds.
    pub receive_capacity: usize,
}

/// How fast and big a region is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegionClass {
    /// Internal SRAM: small and hot objects.
    Fast,
    /// External RAM: big ones.
    Large,
}

/// One stretch of memory for the heap.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Region {
    /// Name in `gc.info()`.
    pub name: String,
    /// First address.
    pub base: u32,
    /// Bytes.
    pub size: u32,
    /// What belongs there.
    pub class: RegionClass,
    /// Whether DMA reaches it.
    pub dma: bool,
}

/// The flash device for files.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct FlashDescription {
    /// Bytes.
    pub size: u32,
    /// Bytes erased at once.
    pub erase_size: u32,
    /// Bytes programmed at once.
    pub program_size: u32,
}

/// The network interface.
#[derive(Debug, Clone, Deserialize)]
pub struct NetworkDescription {
    /// Hardware address, six hexadecimal bytes with colons.
    pub mac: String,
}

/// What the firmware may use, in bytes.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Budget {
    /// Code and constants.
    pub flash: u32,
    /// RAM outside the heap and the stacks.
    pub static_ram: u32,
}

impl Description {
    /// The VK-RA6M5.
    pub fn vk_ra6m5() -> Result<Self> {
        Self::parse(VK_RA6M5).context("boards/vk-ra6m5/board.toml")
    }

    /// Decodes and checks a `board.toml`.
    pub fn parse(text: &str) -> Result<Self> {
        let board: Self = toml::from_str(text)?;
        board.check()?;
        Ok(board)
    }

    /// The hardware address as bytes.
    pub fn mac(&self) -> Result<[u8; 6]> {
        let mut mac = [0; 6];
        let mut parts = self.network.mac.split(':');
        for byte in &mut mac {
            let part = parts.next().context("a mac has six bytes")?;
            *byte = u8::from_str_radix(part, 16).context("a mac is hexadecimal")?;
        }
        Ok(mac)
    }

    fn check(&self) -> Result<()> {
        self.mac()?;
        let flash = self.flash;
        if flash.erase_size == 0
            || flash.program_size == 0
            || !flash.size.is_multiple_of(flash.erase_size)
            || !flash.erase_size.is_multiple_of(flash.program_size)
        {
            bail!(
                "flash: {} / {} / {} do not divide",
                flash.size,
                flash.erase_size,
                flash.program_size
            );
        }
        for (at, region) in self.regions.iter().enumerate() {
            let end = u64::from(region.base) + u64::from(region.size);
            if region.size == 0 || !region.base.is_multiple_of(8) || !region.size.is_multiple_of(8)
            {
                bail!("region {}: base and size are multiples of 8", region.name);
            }
            if end > 1 << 32 {
                bail!("region {}: ends after the address space", region.name);
            }
            for other in &self.regions[..at] {
                let other_end = u64::from(other.base) + u64::from(other.size);
                if u64::from(region.base) < other_end && u64::from(other.base) < end {
                    bail!("regions {} and {} overlap", other.name, region.name);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_board_has_its_two_memories() {
        let board = Description::vk_ra6m5().unwrap();
        let [sram, ospi] = &board.regions[..] else { panic!("{:?}", board.regions) };
        assert_eq!((sram.class, ospi.class), (RegionClass::Fast, RegionClass::Large));
        assert!(sram.size >= 315_392, "less heap than users have today");
        assert!(sram.base >= 0x2000_0000 && sram.base + sram.size <= 0x2008_0000);
        assert_eq!((ospi.base, ospi.size), (0x6800_0000, 8 << 20));
        assert_eq!(board.flash.size, 16 << 20);
        assert_eq!(board.console.receive_capacity, 512);
    }

    #[test]
    fn a_wrong_description_is_refused_with_the_reason() {
        #[track_caller]
        fn check(from: &str, to: &str, expect: &str) {
            let text = VK_RA6M5.replace(from, to);
            assert_ne!(text, VK_RA6M5, "{from:?} is no longer in the file");
            let message = format!("{:#}", Description::parse(&text).unwrap_err());
            assert!(message.contains(expect), "{message}");
        }
        check("0x6800_0000", "0x2003_3100", "regions sram and ospi overlap");
        check("0x6800_0000", "0xfff0_0000", "ends after the address space");
        check("0x6800_0000", "0x6800_0004", "multiples of 8");
        check("erase_size = 4096", "erase_size = 4000", "do not divide");
        check("02:56", "02:zz", "hexadecimal");
        check("class = \"large\"", "class = \"slow\"", "unknown variant");
    }
}
