//! Which row is selected. It is known by its key, so that it stays the same when others pass it.

/// One row of a list, or none.
#[derive(Debug, Clone)]
pub(crate) struct Selection<K> {
    key: Option<K>,
}

impl<K> Default for Selection<K> {
    fn default() -> Self {
        Self { key: None }
    }
}

impl<K: PartialEq + Clone> Selection<K> {
    /// The selected one among these.
    pub(crate) fn place<'a>(&self, mut keys: impl Iterator<Item = &'a K>) -> Option<usize>
    where
        K: 'a,
    {
        let selected = self.key.as_ref()?;
        keys.position(|key| key == selected)
    }

    /// Goes so many rows down, or up; into the list, from its other end, if none of it is selected. [`isize::MIN`] is its first row.
    pub(crate) fn go(&mut self, rows: isize, keys: &[&K]) {
        let Some(last) = keys.len().checked_sub(1) else { return };
        let place = match self.place(keys.iter().copied()) {
            Some(place) => place.saturating_add_signed(rows).min(last),
            None if rows < 0 && rows != isize::MIN => last,
            None => usize::try_from(rows).unwrap_or_default().saturating_sub(1).min(last),
        };
        self.key = Some(keys[place].clone());
    }

    pub(crate) fn is_any(&self) -> bool {
        self.key.is_some()
    }

    pub(crate) fn clear(&mut self) {
        self.key = None;
    }
}

/// The first row of a list that is shown, so that the selected one is in sight and stands in the middle where it can.
pub(crate) fn first_shown(selected: Option<usize>, rows: usize, height: usize) -> usize {
    selected.map_or(0, |selected| selected.saturating_sub(height / 2).min(rows.saturating_sub(height)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_goes_up_and_down_and_stays_with_its_row() {
        let mut selection = Selection::default();
        selection.go(1, &[]);
        assert!(!selection.is_any());
        selection.go(1, &[&'a', &'b', &'c']);
        assert_eq!(selection.place(['a', 'b', 'c'].iter()), Some(0));
        selection.go(1, &[&'a', &'b', &'c']);
        assert_eq!(selection.place(['c', 'b', 'a'].iter()), Some(1));
        assert_eq!(selection.place(['b', 'c', 'a'].iter()), Some(0));
        selection.go(isize::MAX, &[&'a', &'b', &'c']);
        assert_eq!(selection.place(['a', 'b', 'c'].iter()), Some(2));
        selection.go(isize::MIN, &[&'a', &'b', &'c']);
        assert_eq!(selection.place(['a', 'b', 'c'].iter()), Some(0));
        assert_eq!(selection.place(['b'].iter()), None);
        selection.clear();
        selection.go(-1, &[&'a', &'b']);
        assert_eq!(selection.place(['a', 'b'].iter()), Some(1));
        selection.clear();
        selection.go(isize::MIN, &[&'a', &'b']);
        assert_eq!(selection.place(['a', 'b'].iter()), Some(0));
    }

    #[test]
    fn the_selected_row_is_always_in_sight() {
        for rows in 0..30 {
            for height in 1..12 {
                for selected in 0..rows {
                    let first = first_shown(Some(selected), rows, height);
                    assert!((first..first + height).contains(&selected));
                    assert!(first == 0 || first + height <= rows);
                }
            }
        }
        assert_eq!(first_shown(None, 30, 10), 0);
    }
}
