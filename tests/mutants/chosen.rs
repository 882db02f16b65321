
/// Whether the mutant of this number is the one that the environment asks for by `MUTANT`. With `MUTANT_COVER`, a file gets a
/// byte for each mutant that was asked for.
#[allow(unsafe_code, missing_docs, clippy::pedantic)]
pub fn mutant(id: u32) -> bool {
    use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering::Relaxed};
    const MOST: usize = 1 << 16;
    static CHOSEN: AtomicU32 = AtomicU32::new(u32::MAX);
    static COVER: AtomicPtr<u8> = AtomicPtr::new(std::ptr::null_mut());
    #[cold]
    fn ask() -> u32 {
        if let Ok(path) = std::env::var("MUTANT_COVER") {
            let mut options = std::fs::OpenOptions::new();
            let file = options.read(true).write(true).create(true).open(path).expect("a file");
            file.set_len(MOST as u64).expect("its size");
            // SAFETY: the file is made for this run alone, and nobody cuts it short while the program runs.
            let map = unsafe { memmap2::MmapMut::map_mut(&file) }.expect("a map");
            COVER.store(Box::leak(Box::new(map)).as_mut_ptr(), Relaxed);
        }
        let chosen = std::env::var("MUTANT").ok().and_then(|id| id.parse().ok());
        CHOSEN.store(chosen.unwrap_or(u32::MAX - 1), Relaxed);
        CHOSEN.load(Relaxed)
    }
    let mut chosen = CHOSEN.load(Relaxed);
    if chosen == u32::MAX {
        chosen = ask();
    }
    let cover = COVER.load(Relaxed);
    if !cover.is_null() && (id as usize) < MOST {
        // SAFETY: the map has as many bytes, and lives as long as the program.
        unsafe { cover.add(id as usize).write_volatile(1) };
    }
    chosen == id
}
