//! The boot entries of the firmware, by way of efibootmgr(8).

use std::path::Path;

use super::{InstallError, Programs};

const PROGRAM: &str = "efibootmgr";

/// What the firmware says of its entries.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Firmware {
    /// Numbers, as `0001`, in the order in which they are started.
    order: Vec<String>,
    /// Numbers, each with its label and what follows that.
    entries: Vec<(String, String)>,
}

impl Firmware {
    /// Reads them. Fails where the firmware keeps no variables.
    pub fn read(programs: &dyn Programs) -> Result<Self, InstallError> {
        Ok(Self::parse(&programs.run(PROGRAM, &["-v"])?))
    }

    fn parse(text: &str) -> Self {
        let mut firmware = Self::default();
        for line in text.lines() {
            if let Some(order) = line.strip_prefix("BootOrder  : ") {
                firmware.order = order.split(", ").map(str::to_owned).collect();
            } else if let Some((number, entry)) = parse_entry(line) {
                firmware.entries.push((number.to_owned(), entry.to_owned()));
            }
        }
        firmware
    }

    fn number_of(&self, label: &str) -> Option<&str> {
        let is_called_so = |entry: &str| {
            entry.strip_prefix(label).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        self.entries.iter().find(|(_, entry)| is_called_so(entry)).map(|(number, _)| number.as_str())
    }

    /// Has the next start be that of a loader, under a label of its own; the order stays what it was.
    pub fn start_once(
        &self,
        programs: &dyn Programs,
        label: &str,
        loader: &Path,
        options: &str,
    ) -> Result<(), InstallError> {
        let known = self.number_of(label).map(str::to_owned);
        let number = match known {
            Some(number) => number,
            None => self.create(programs, label, loader, options)?,
        };
        programs.run(PROGRAM, &["-a", "-b", &number])?;
        programs.run(PROGRAM, &["-n", "-b", &number])?;
        Ok(())
    }

    /// Makes an entry. efibootmgr puts it first; until it is active, which it is only when the order is what it was, the
    /// firmware passes it over.
    fn create(
        &self,
        programs: &dyn Programs,
        label: &str,
        loader: &Path,
        options: &str,
    ) -> Result<String, InstallError> {
        let loader = loader.to_string_lossy();
        programs.run(PROGRAM, &["-c", "-l", &loader, "-L", label, "-e", options])?;
        let made = Self::read(programs)?;
        let number =
            made.number_of(label).ok_or_else(|| InstallError::NoEntry { label: label.to_owned() })?;
        if !self.order.is_empty() {
            programs.run(PROGRAM, &["-o", &self.order.join(",")])?;
        }
        Ok(number.to_owned())
    }

    /// Whether the entry with the label is the first.
    pub fn is_first(&self, label: &str) -> Result<bool, InstallError> {
        let number = self.required(label)?;
        Ok(self.order.first().is_some_and(|first| first == number))
    }

    /// Puts the entry with the label first.
    pub fn put_first(&self, programs: &dyn Programs, label: &str) -> Result<(), InstallError> {
        let number = self.required(label)?;
        let others = self.order.iter().map(String::as_str).filter(|other| *other != number);
        let order: Vec<_> = [number].into_iter().chain(others).collect();
        programs.run(PROGRAM, &["-o", &order.join(",")]).map(drop)
    }

    fn required(&self, label: &str) -> Result<&str, InstallError> {
        self.number_of(label).ok_or_else(|| InstallError::NoEntry { label: label.to_owned() })
    }
}

/// The number, and what follows it, of a line as `+Boot0001* Label path`.
fn parse_entry(line: &str) -> Option<(&str, &str)> {
    let rest = line.trim_start_matches(['+', ' ']).strip_prefix("Boot")?;
    let (number, rest) = rest.split_at_checked(4)?;
    let entry = rest.strip_prefix(['*', ' '])?.trim_start();
    number.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some((number, entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_in_and_out_of_the_order_are_read() {
        let text = "Boot to FW : false\nBootCurrent: 0001\nTimeout    : 0 seconds\nBootOrder  : 0001, 000A\n\
            +Boot0001* UEFI Misc Device PciRoot(0x0)\n Boot000A  UiApp Fv(x)\n\n\nUnreferenced Variables:\n \
            Boot0003* Fruix b HD(1,GPT)/File(\\EFI)\n                   vtbd0p1:/EFI /tmp/x\n";
        let firmware = Firmware::parse(text);
        assert_eq!(firmware.order, ["0001", "000A"]);
        assert_eq!(firmware.number_of("Fruix b"), Some("0003"));
        assert_eq!(firmware.number_of("UiApp"), Some("000A"));
        assert_eq!(firmware.number_of("Fruix"), Some("0003"), "a label is the words it begins with");
        assert_eq!(firmware.number_of("Fru"), None);
    }
}
